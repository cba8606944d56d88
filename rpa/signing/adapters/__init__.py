"""The tools behind signing: pyHanko, timestamp authorities, the development PKI."""
