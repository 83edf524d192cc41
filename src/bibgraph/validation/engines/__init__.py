"""The engines that can run SHACL: pySHACL is the reference, native ones are faster and say the same."""

from bibgraph.validation.engines.choice import ENGINES, REFERENCE, Engine, Unusable, choose, demand

__all__ = ["ENGINES", "REFERENCE", "Engine", "Unusable", "choose", "demand"]
