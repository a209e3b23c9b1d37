/// A built-in text: the names of four hundred invented rivers.
///
/// The names are made of syllables, so that there are letter patterns to learn.
public enum RiverNames {
  /// One name per line.
  public static let text = names.replacing(" ", with: "\n")

  private static let names = """
    ecainden ciglandor stiaren jamor roneth ezanivar lultoarel karie notewen albandivar omtozewen bramor deasridim
    agialo setaivune glasmumie tiasziadis randock thenoss leline jitaray soveso hiaveth nitis zaday eywiasel
    arsergena quorlinune hamay olnazara hacequatim sofelest sosune fleaross aicotel flelock leymlemow leshima
    glamjutara thesewen thila wiamcoskie aiwurneth tratrimeth doamgesa flishevis lanberor weross puhamay inulm
    erest shaspeskim gladune staweasko lundine sovis deseysketh zoshenune shervozulm trisen gehundie taross
    surnoss ibaror gevara ziaskis pairamay jenzutel thanel oaltaseth pivewen stalune jalor endest ziror drothatest
    bipanora thaindock falfinoss zeykazara therune jasfomel misfazeth tuzoss browenen obeanow irune onock
    ilseyndim lefemara onlulest thirie branest shenday flireth dreatim flornivar sufouma fabovay fehedemen
    trimhevis fadaday kozedie vuromivar gianis votheris akeross wesquorara veheray tinow ufeyray wenim edrelune
    sturjevel borsorara roulewen zianor gombodulm niateth yavie giamock jeday uskock shuvie irnest truno sokimen
    flinsoadow brebazock thinel diaday sarivar doavor huskel wonest tastandeth dreymiarie uflatune nozidim
    stiakairim reshovune zeglelo stagamine nuglador zantanda jeandow equurim fedeth oujonim lumivar thanmesoss
    zaleth osleday belludeth quamkarow volow floscazay monyomor avundivar vinjalor sudavune quutulm ourjodune
    bemfama nulen omewen halest thamim shiamay gloshomest flelerivar malolow bateateth tomor kulmerara joalel
    eypealen remyeto mirow caimfado semgilivar shorivar damor fiasock atruskune brejounow steasest roaglovulm
    vicalest derletine cazeth marnivar risay hulivar novara damow ceskoss pinvizo gizow airune branparay edosow
    heleth quinen yidivar reysgunis doten runay triaskel stonrono queglanune gilvino jezino trezis tanen gitis
    aweaskara lurnune kearivar vulquazo ucatie quenine nianbelune henday keyno stustalim otheven zaiskay shona
    jutock ealolulm flebadine hashiday feasaveth mourqualor honow thesgoazim esune tonden marnoss thiaden
    zobrandulm hegirzoden erpulune wosserune flereth flealara jaipadine haisovay zeneandow trenyevis ajuvara
    polkerewen zeskewen alewen dabrimeth goamsazis jevay dronine luduzor theaskanay emgoavor brivune draitoss
    kocolune darest yibeten drurine glona iawirulm umkurnor tasulm quamgasock coasulm flotest fandim lidest
    stirivar okupotie nushazo flondine eamdutor zeveamulm outest venock eglendis sangareth gluzimis tarfesko gumow
    dresroadie biavetoss ainow driandivar oroveva pequanor wanewen dajeanine yestolis tromoss boren kimest
    nasfoazock glambenara yeror goris newanis wimeth eskel easlerune umock arnivar fasdailis braheanine bisdasis
    riapimine losetor hiris bombolewen nasharay leafendeth stowetor flalis fearcineth sovulm hoskim loreth
    gleygivine thendyamim pulel baskune ciarie merwinim comay beziveth gliskest theador iazock ceadulm cemtaitulm
    ososs zaramlumie yebrianim terkarnulm easkewen dazandis treminivar flinune fimborewen thoden bouvo odrotay
    tergilara oneth shevow pelel muskoss treshomor mimodie glaskor culie coskyakala thasfanow jirperel uleth
    brumzeasa trejarie fosko evivar gulivar upulivar badeteth siampumeth rajuveth vallairor tenoss hoshidel
    edrinoss lungizine kenulm cavor emivar shanhoror flinie troamune fanis pusurnay liamulm raren lamwurel ponis
    hiamie rilel wenulm asquacorim pimim visune trenvanine leazest fearpado
    """.replacing("\n", with: " ")
}
