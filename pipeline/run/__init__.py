"""The only place where the core and the edges meet: one module per thing a user can ask for."""
