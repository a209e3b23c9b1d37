#if !MICROGRAD_TABLES
  #error("MicrogradTables needs the trait Tables: write .package(url: …, traits: [.defaults, \"Tables\"]).")
#endif
