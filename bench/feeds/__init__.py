"""``make bench-feeds``: what making, publishing and serving feeds costs, each beside a peer or beside itself at another size."""
