"""A SPARQL 1.1 service elsewhere: asked, with patience and within limits, and filled."""

from bibgraph.store.remote.contents import LOADED, NOTHING, UNION, Contents
from bibgraph.store.remote.filling import GraphStore, Step, Updates, at_once
from bibgraph.store.remote.login import Login
from bibgraph.store.remote.patience import Breaker, Clock
from bibgraph.store.remote.service import MOST_BYTES, TIMEOUT, Service
from bibgraph.store.remote.store import LEASE, RemoteStore

__all__ = [
    "LEASE",
    "LOADED",
    "MOST_BYTES",
    "NOTHING",
    "TIMEOUT",
    "UNION",
    "Breaker",
    "Clock",
    "Contents",
    "GraphStore",
    "Login",
    "RemoteStore",
    "Service",
    "Step",
    "Updates",
    "at_once",
]
