#if !Commands
  #error("The commands need the trait Commands, a default: add --traits Commands to swift build.")
#endif
