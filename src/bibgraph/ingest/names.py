"""What the things of a report are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bibgraph.namespaces import THINGS


@dataclass(frozen=True)
class Names:
    """The keys, IRIs and prefixes of one report's things."""

    issued: date
    strategy: str

    @property
    def key(self) -> str:
        """The key of the report as a source document."""
        return f"statusrapport-{self.issued}"

    @property
    def source(self) -> str:
        """The IRI of the document."""
        return THINGS["source/"] + self.key

    @property
    def report(self) -> str:
        """The IRI of the report."""
        return THINGS["report/"] + str(self.issued)

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of the files that are made."""
        return {
            "lay": THINGS["layout/"] + self.key + "/",
            "m": THINGS["measure/"] + self.strategy.rpartition("/")[2] + "/",
            "ms": THINGS["milestone/"] + f"{self.issued}/",
            "obs": THINGS["status/"] + f"{self.issued}/",
            "q": THINGS["quotation/"] + self.key + "/",
            "resp": THINGS["responsibility/"] + f"{self.issued}/",
        }
