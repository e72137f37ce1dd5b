"""Computing a finished sweep again from its manifest alone, and comparing digests."""

from __future__ import annotations

import json
from pathlib import Path

from foedus.data.records import Record
from foedus.errors import InputError, UnfinishedError
from foedus.experiments.code_version import versions
from foedus.experiments.executor import ExecutorMaker
from foedus.experiments.manifest import Manifest, Result
from foedus.experiments.store import Folder
from foedus.experiments.study import Study
from foedus.experiments.sweep import Notify, start


class Comparison(Record):
    """A sweep beside its repetition: scenarios whose rows differ, and software (then, now)."""

    then: Result
    now: Result
    differing: tuple[str, ...]
    versions: dict[str, tuple[str, str]]

    @property
    def is_same(self) -> bool:
        """Whether every row is the same, byte for byte."""
        return not self.differing and self.then.done == self.now.done

    def as_record(self) -> dict[str, object]:
        """As plain values, for JSON."""
        return {"same": self.is_same, **self.model_dump(mode="json")}


def computed_again(
    manifest: Manifest, beside: Path, folder: Folder, executor: ExecutorMaker, *, notify: Notify
) -> Comparison:
    """Compute a finished sweep again into a folder and compare.

    Copies of its cases are looked for `beside` its manifest first.

    Raises:
        InputError: If it was not finished, or a scenario is not what it was.
    """
    if manifest.result is None:
        raise InputError("this manifest has no result yet: the sweep was not finished")
    study = Study(manifest.plan, tuple(map(Folder(beside).case, manifest.inputs)))
    plan_text = json.dumps(manifest.plan.model_dump(mode="json"), indent=2).encode()
    try:
        start(study, plan_text, folder, executor, command=manifest.command, notify=notify)
    except UnfinishedError:
        if not manifest.result.failed:  # what failed then may fail again
            raise
    then, now = manifest.result, folder.manifest().result
    if now is None:
        raise UnfinishedError("the repetition came to no result")
    names = sorted({*then.scenarios, *now.scenarios})
    differing = tuple(n for n in names if then.scenarios.get(n) != now.scenarios.get(n))
    here = versions()
    changed = {
        name: (manifest.versions.get(name, "none"), here.get(name, "none"))
        for name in sorted({*manifest.versions, *here})
        if manifest.versions.get(name) != here.get(name)
    }
    return Comparison(then=then, now=now, differing=differing, versions=changed)
