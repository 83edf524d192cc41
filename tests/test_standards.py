"""The list of standard terms is that of rdflib."""

import pytest
from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD
from rdflib.namespace import DefinedNamespace

from bibgraph.validation.standards import SCHEMA_OTHER, standard_terms, standards

VOCABULARIES = (DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD)
ADDED = {str(DCAT): "DatasetSeries version", str(RDF): "Proposition li", str(SH): "values"}


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=str)
def test_a_vocabulary_has_the_terms_that_rdflib_has(vocabulary: type[DefinedNamespace]) -> None:
    namespace = str(vocabulary)
    plain = {str(term).removeprefix(namespace) for term in dir(vocabulary)}
    expected = plain.union(vocabulary._extras)
    found = standard_terms(namespace)
    more = set(ADDED.get(namespace, "").split())
    assert expected | more <= found
    if not more:
        assert found == expected


def test_there_are_no_others() -> None:
    assert set(standards()) == {str(each) for each in VOCABULARIES}
    assert standard_terms(SCHEMA_OTHER) == standard_terms(str(SDO))
    assert standard_terms("http://example.org/") == frozenset()
