"""The outside world: inbox, readers, archive, ledger, writers. Carries out, decides nothing."""
