// MPI is included by mg_mpi.c alone.
