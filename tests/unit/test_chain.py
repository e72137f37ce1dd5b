"""A calibration's chain on the disk: taken up bit for bit, refused in one line where it is bent."""

from __future__ import annotations

import shutil
import warnings
from zipfile import ZipFile

import numpy as np
import pytest

from foedus.analysis.forecast.scores import panel_of
from foedus.analysis.inference import likelihood, mcmc
from foedus.analysis.inference.likelihood import target_of
from foedus.analysis.inference.mcmc import KEPT, sample
from foedus.data.library import load
from foedus.errors import InputError

CRISES = ("armenia-2022", "fiji-2006", "kazakhstan-2022")
N_PARAMETERS = 4


@pytest.fixture(scope="module", autouse=True)
def _small():
    """Few parameters and a rough guide: what is tested is the chain, not the fit."""
    with pytest.MonkeyPatch.context() as patch:
        rows = likelihood.calibrated_rows()[:N_PARAMETERS]
        patch.setattr(likelihood, "calibrated_rows", lambda theory=None: rows)
        patch.setattr(mcmc, "GUIDE_DRAWS", 60)
        yield


@pytest.fixture(scope="module")
def target():
    return target_of(panel_of(load(name) for name in CRISES), n_runs=8)


def sampled(target, folder, steps, **wanted):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # few steps leave ArviZ little to say
        return sample(target, max_steps=steps, block=6, folder=folder, rhat_below=0, **wanted)


def stored(path):
    with np.load(path) as file:
        return dict(file)


@pytest.fixture(scope="module")
def undisturbed(target, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    return sampled(target, folder, 18), folder


@pytest.mark.parametrize("stops", [(6,), (5, 7), (18,)])
def test_a_chain_that_was_stopped_ends_bit_for_bit_where_another_does(
    target, undisturbed, tmp_path, stops
):
    for steps in (*stops, 18):
        last = sampled(target, tmp_path, steps)
    assert (last.z == undisturbed[0].z).all()
    ours, theirs = stored(tmp_path / KEPT), stored(undisturbed[1] / KEPT)
    assert (ours["chain"] == theirs["chain"]).all()


def test_a_chain_killed_within_a_block_goes_on_from_the_last_whole_one(
    target, undisturbed, tmp_path
):
    def killed(line):
        if line.startswith("12 "):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sampled(target, tmp_path, 18, progress=killed)
    (tmp_path / f"{KEPT}.part").write_bytes(b"half a block")
    assert (sampled(target, tmp_path, 18).z == undisturbed[0].z).all()
    assert sorted(path.name for path in tmp_path.iterdir()) == [KEPT]


def test_a_chain_in_memory_is_the_chain_on_the_disk(target, undisturbed):
    assert (sampled(target, None, 18).z == undisturbed[0].z).all()


def test_the_first_quarter_of_a_chain_is_left_out(undisturbed):
    whole = stored(undisturbed[1] / KEPT)["chain"]
    assert (undisturbed[0].z == whole[18 // 4 :]).all()


def test_sampling_stops_at_the_first_block_whose_diagnostics_are_good(target, undisturbed):
    def steps(**wanted):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return len(sample(target, max_steps=18, block=6, **wanted).z)

    assert steps(rhat_below=1e9, least_ess=0) == 6 - 6 // 4
    assert steps(rhat_below=1e9, least_ess=1e9) == 18 - 18 // 4
    assert steps(rhat_below=0, least_ess=0) == 18 - 18 // 4


def put(name, index, value):
    def change(arrays):
        arrays[name][index] = value

    return change


def having(**others):
    return lambda arrays: arrays.update({n: make(arrays[n]) for n, make in others.items()})


def without(name):
    return lambda arrays: arrays.pop(name)


HOSTILE = {
    "other names": put("names", slice(None), "rho"),
    "names of no length": having(names=lambda old: np.array("rho")),
    "no names": without("names"),
    "a step that is no number": put("chain", (0, 0, 0), np.nan),
    "an endless height": put("log_prob", (2, 1), np.inf),
    "other heights": put("log_prob", (17, 1), 3.0),
    "more heights than steps": having(log_prob=lambda old: np.tile(old, (2, 1))),
    "no step at all": having(chain=lambda old: old[:0], log_prob=lambda old: old[:0]),
    "no random state": without("key"),
    "a random state of another form": having(key=lambda old: old[:3]),
    "a random state that is cut short": having(rest=lambda old: old[:1]),
    "a place beyond the random state": having(rest=lambda old: old + 1e6),
    "another type of array": having(chain=lambda old: old.astype("f4")),
    "words for numbers": having(chain=lambda old: np.full(old.shape, b"x")),
    "another shape": having(chain=lambda old: old[:, :, 1:]),
    "objects that would be run": having(chain=lambda old: np.array([print], dtype=object)),
}


def bent_at(path, change):
    arrays = stored(path)
    change(arrays)
    np.savez(path, **arrays)


def rewritten(path, old, new):
    with ZipFile(path) as file:
        parts = {entry.filename: file.read(entry) for entry in file.infolist()}
    assert any(old in part for part in parts.values())
    with ZipFile(path, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part.replace(old, new))


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_a_bent_chain_is_refused_in_one_line(target, undisturbed, tmp_path, change):
    shutil.copy(undisturbed[1] / KEPT, tmp_path)
    bent_at(tmp_path / KEPT, change)
    assert_refused(target, tmp_path)


def assert_refused(target, folder):
    with pytest.raises(InputError, match="expected the chain of this calibration") as caught:
        sampled(target, folder, 24)
    assert "\n" not in str(caught.value)


def test_a_packed_bomb_is_refused_before_it_is_opened(target, undisturbed, tmp_path):
    arrays = stored(undisturbed[1] / KEPT) | {"chain": np.zeros((10**6, 12, N_PARAMETERS))}
    np.savez_compressed(tmp_path / KEPT, **arrays)
    assert (tmp_path / KEPT).stat().st_size < 10**6
    assert_refused(target, tmp_path)


def test_a_chain_that_is_packed_is_refused(target, undisturbed, tmp_path):
    np.savez_compressed(tmp_path / KEPT, **stored(undisturbed[1] / KEPT))
    assert_refused(target, tmp_path)


@pytest.mark.parametrize("shape", [b"(18, 12, 9), } ", b"(99, 99, 99), }", b"(9999999, 12), }"])
def test_numbers_that_are_not_in_the_file_are_refused(target, undisturbed, tmp_path, shape):
    shutil.copy(undisturbed[1] / KEPT, tmp_path)
    rewritten(tmp_path / KEPT, b"(18, 12, 4), } ", shape)
    assert_refused(target, tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a chain", b"\x93NUMPY\x01\x00" * 40])
def test_what_is_no_chain_is_refused_in_one_line(target, tmp_path, content):
    (tmp_path / KEPT).write_bytes(content)
    with pytest.raises(InputError, match="expected the chain of this calibration"):
        sampled(target, tmp_path, 6)


def test_bytes_turned_at_random_are_refused_or_change_nothing_that_is_read(
    target, undisturbed, tmp_path
):
    whole = (undisturbed[1] / KEPT).read_bytes()
    random = np.random.default_rng(4)
    n_refused = 0
    for _ in range(25):
        turned = bytearray(whole)
        for place in random.integers(0, len(whole), 12):
            turned[place] ^= 1 << int(random.integers(8))
        (tmp_path / KEPT).write_bytes(turned)
        try:
            sampled(target, tmp_path, 18)
        except InputError:
            n_refused += 1
    assert n_refused > 0


@pytest.mark.parametrize("other", [{"strength": 0.5}, {"seed": 2}, {"n_runs": 9}])
def test_a_chain_of_another_calibration_is_refused(undisturbed, tmp_path, other):
    shutil.copy(undisturbed[1] / KEPT, tmp_path)
    panel = panel_of(load(name) for name in CRISES)
    with pytest.raises(InputError, match="expected the chain of this calibration"):
        sampled(target_of(panel, **{"n_runs": 8, **other}), tmp_path, 24)


def test_two_walkers_for_each_parameter_and_four_more(target):
    walkers = sampled(target, None, 2).z.shape[1]
    assert walkers == 2 * N_PARAMETERS + 4
