"""Running code, seen from the UI: protocol, client, session host."""
