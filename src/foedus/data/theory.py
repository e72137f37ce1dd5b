"""Theories: claims about alliances, each a file that switches terms or the council's rule.

Adding a theory is adding a file to ``theories``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import Field, model_validator

from foedus.data.record_reader import record_from
from foedus.data.register import known
from foedus.data.schema import Number, Record, Text
from foedus.data.terms import CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES, Rule
from foedus.data.yaml_reader import read_tree
from foedus.errors import UsageError, did_you_mean

FOLDER = Path(__file__).parent / "theories"


class Theory(Record):
    """A claim, and the parameters that state it.

    Attributes
    ----------
    raises, lowers, ignores
        Attributes that, under this theory, raise, lower or leave alone the expected answer; a
        test holds each against what the model does.
    """

    title: Text
    claim: Text
    rule: Rule | None = None
    parameters: dict[str, Number] = Field(default_factory=dict)
    raises: tuple[str, ...]
    lowers: tuple[str, ...]
    ignores: tuple[str, ...]
    sources: tuple[Text, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_known(self) -> Theory:
        for name, value in self.parameters.items():
            known(name).accept(value)
        attributes = (*CRISIS_ATTRIBUTES, *MEMBER_ATTRIBUTES)
        for name in (*self.raises, *self.lowers, *self.ignores):
            if name not in attributes:
                raise ValueError(f"unknown attribute '{name}'{did_you_mean(name, attributes)}")
        return self


@cache
def theories() -> Mapping[str, Theory]:
    """All theories by name; the full model first."""
    names = sorted((path.stem for path in FOLDER.glob("*.yaml")), key=lambda n: (n != "full", n))
    return {name: record_from(read_tree(FOLDER / f"{name}.yaml"), Theory) for name in names}


def theory(name: str) -> Theory:
    """The theory of that name.

    Raises
    ------
    UsageError
        If there is none.
    """
    if name not in theories():
        raise UsageError(f"unknown theory '{name}'{did_you_mean(name, theories())}")
    return theories()[name]
