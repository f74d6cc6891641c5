"""Take files out of mails and archives, within bounds."""
