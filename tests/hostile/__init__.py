"""A hostile battery: what strangers may do to a public endpoint, done to one that runs.

``PYTHONPATH=tests python -m hostile http://127.0.0.1:8000`` tries the server that listens there, which must
serve what ``python -m hostile --emit-data FILE`` writes. Only the standard library is used.
"""
