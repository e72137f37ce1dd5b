"""A calibration's chain on the disk: taken up bit for bit, refused in one line where it is bent."""

from __future__ import annotations

import shutil
import warnings

import h5py
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
    with h5py.File(tmp_path / KEPT) as ours, h5py.File(undisturbed[1] / KEPT) as theirs:
        assert (ours["mcmc/chain"][...] == theirs["mcmc/chain"][...]).all()


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
    with h5py.File(undisturbed[1] / KEPT) as file:
        whole = file["mcmc/chain"][...]
    assert (undisturbed[0].z == whole[18 // 4 :]).all()


def test_sampling_stops_at_the_first_block_whose_diagnostics_are_good(target, undisturbed):
    def steps(**wanted):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return len(sample(target, max_steps=18, block=6, **wanted).z)

    assert steps(rhat_below=1e9, least_ess=0) == 6 - 6 // 4
    assert steps(rhat_below=1e9, least_ess=1e9) == 18 - 18 // 4
    assert steps(rhat_below=0, least_ess=0) == 18 - 18 // 4


def bent(path, change):
    with h5py.File(path, "r+") as file:
        change(file)


def replaced(name, make):
    def change(file):
        old = file[name][...]
        del file[name]
        make(file, name, old)

    return change


HOSTILE = {
    "other names": lambda f: f.attrs.__setitem__("names", ["rho"] * N_PARAMETERS),
    "names of no length": lambda f: f.attrs.__setitem__("names", "rho"),
    "no names": lambda f: f.attrs.__delitem__("names"),
    "a step that is no number": lambda f: f["mcmc/chain"].__setitem__((0, 0, 0), np.nan),
    "an endless height": lambda f: f["mcmc/log_prob"].__setitem__((2, 1), np.inf),
    "other heights": lambda f: f["mcmc/log_prob"].__setitem__((17, 1), 3.0),
    "more steps than there are": lambda f: f["mcmc"].attrs.__setitem__("iteration", 10**9),
    "no random state": lambda f: f["mcmc"].attrs.__delitem__("random_state_1"),
    "a random state of another form": lambda f: f["mcmc"].attrs.__setitem__("random_state_1", 3),
    "a place beyond the random state": lambda f: f["mcmc"].attrs.__setitem__(
        "random_state_2", 10**9
    ),
    "another type of array": replaced(
        "mcmc/chain", lambda f, n, old: f.create_dataset(n, data=old.astype("f4"))
    ),
    "words for numbers": replaced(
        "mcmc/chain", lambda f, n, old: f.create_dataset(n, data=np.full(old.shape, b"x"))
    ),
    "another shape": replaced(
        "mcmc/chain", lambda f, n, old: f.create_dataset(n, data=old[:, :, 1:])
    ),
    "a group for an array": replaced("mcmc/chain", lambda f, n, old: f.create_group(n)),
    "a packed bomb": replaced(
        "mcmc/chain",
        lambda f, n, old: f.create_dataset(n, (10**7, 12, 4), "f8", compression="gzip"),
    ),
    "numbers that are not in the file": replaced(
        "mcmc/chain", lambda f, n, old: f.create_dataset(n, (10**7, 12, 4), "f8", chunks=True)
    ),
    "a link to another file": replaced(
        "mcmc/chain",
        lambda f, n, old: f.__setitem__(n, h5py.ExternalLink("/etc/passwd", "chain")),
    ),
    "a link within": replaced(
        "mcmc/chain", lambda f, n, old: f.__setitem__(n, h5py.SoftLink("/mcmc/log_prob"))
    ),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_a_bent_chain_is_refused_in_one_line(target, undisturbed, tmp_path, change):
    shutil.copy(undisturbed[1] / KEPT, tmp_path)
    bent(tmp_path / KEPT, change)
    with pytest.raises(InputError, match="expected the chain of this calibration") as caught:
        sampled(target, tmp_path, 24)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a chain", b"\x89HDF\r\n\x1a\n" * 40])
def test_what_is_no_hdf5_file_is_refused_in_one_line(target, tmp_path, content):
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
