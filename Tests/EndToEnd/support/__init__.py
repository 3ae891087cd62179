"""What the end-to-end tests stand on: the programs, clients of several kinds, and the providers of others."""
