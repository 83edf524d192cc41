"""The catalogues of translations are read as Babel reads them."""

import gettext
from importlib import resources
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bibgraph.messages import LANGUAGES, SOURCE_LANGUAGE, compiled

TRICKY = r"""# A comment.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: somewhere.py:1
msgid "A \"quoted\" {name},\n"
"two lines\tand \\n."
msgstr "Ei «sitert» {name},\n"
"to linjer\tog \\n."
msgid "{n} row"
msgid_plural "{n} rows"
msgstr[0] "{n} rad"
msgstr[1] "{n} rader"

#, fuzzy, python-format
msgid "Unsure"
msgstr "Usikker"

msgid "Untranslated"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Borte"
"""


def catalogue(language: str) -> str:
    path = resources.files("bibgraph") / "locale" / language / "LC_MESSAGES" / "messages.po"
    return path.read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    [TRICKY, *(catalogue(language) for language in LANGUAGES if language != SOURCE_LANGUAGE)],
    ids=["tricky", "nb", "nn"],
)
def test_a_catalogue_says_what_babel_makes_of_it(text: str) -> None:
    parsed = read_po(BytesIO(text.encode()), locale="nb")
    written = BytesIO()
    write_mo(written, parsed)
    written.seek(0)
    theirs, ours = gettext.GNUTranslations(written), gettext.GNUTranslations(BytesIO(compiled(text)))
    sentences = [entry.id for entry in parsed if entry.id]
    assert len(sentences) >= 3
    for sentence in (*sentences, "Gone", "Unsure", "Unknown"):
        if isinstance(sentence, str):
            assert ours.gettext(sentence) == theirs.gettext(sentence)
        else:
            one, many = sentence
            for number in (0, 1, 2):
                assert ours.ngettext(one, many, number) == theirs.ngettext(one, many, number)
