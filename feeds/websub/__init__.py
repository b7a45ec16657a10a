"""WebSub (https://www.w3.org/TR/websub/): hubs are told of every change, and a hub of our own pushes it to subscribers."""
