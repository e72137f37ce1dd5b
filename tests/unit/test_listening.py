from __future__ import annotations

import numpy as np
import pytest

from foedus.analysis.explain.decomposition import listening
from foedus.model.setup import prepare


def test_a_row_of_influence_adds_up_to_how_far_the_member_listens(toy):
    net = listening(prepare(toy.load()))
    assert net.influence.sum(axis=1) == pytest.approx(net.susceptibility)
    assert (np.diag(net.influence) == 0).all()


def test_what_dependence_leaves_of_an_ear_goes_by_the_speakers_share_of_the_others_power(toy):
    net = listening(prepare(toy.load()))
    i, j = net.members.index("FRI"), net.members.index("FAR")
    others = net.capability.sum() - net.capability[i]
    free = net.susceptibility[i] * (1 - net.dependence[i])
    assert net.influence[i, j] == pytest.approx(free * net.capability[j] / others)
    lead = free * net.capability[net.patron] / others + net.susceptibility[i] * net.dependence[i]
    assert net.influence[i, net.patron] == pytest.approx(lead)


def test_the_patron_listens_to_nobody(toy):
    net = listening(prepare(toy.load()))
    assert net.members[net.patron] == "LED"
    assert (net.influence[net.patron] == 0).all()


def test_without_influence_nobody_listens(toy):
    assert (listening(prepare(toy.load(), {"rho": 0})).influence == 0).all()


def test_a_member_that_is_the_adversary_is_not_heard():
    net = listening(prepare("kyrgyz-tajik-2022"))
    assert net.members[net.adversary] == "TJK"
    assert (net.influence[:, net.adversary] == 0).all()
    assert net.influence[net.adversary].sum() > 0
