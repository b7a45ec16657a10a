"""The demo's outside world: an invented newspaper, its website, and a mailbox to read the digest in."""
