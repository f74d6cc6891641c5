"""The mailbox: fetch over IMAP, send over SMTP, and the messages themselves."""
