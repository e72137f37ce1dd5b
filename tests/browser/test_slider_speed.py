"""How long a reader waits for a slider, on a machine with nothing else to do.

Never part of the plain test run: ``pytest -m benchmark tests/browser``.
"""

from __future__ import annotations

import statistics

import pytest

pytestmark = pytest.mark.benchmark

MEASURE = """async (n) => {
  const bars = document.querySelector('.answers');
  const slider = document.getElementById('dial-rho');
  const times = [];
  for (let i = 0; i < n; i++) {
    const start = performance.now();
    await new Promise((done) => {
      const watch = new MutationObserver(() => { watch.disconnect(); done(); });
      watch.observe(bars, {attributes: true, attributeFilter: ['data-place']});
      slider.value = 0.2 + i / 20;
      slider.dispatchEvent(new Event('input', {bubbles: true}));
    });
    await new Promise(requestAnimationFrame);
    times.push(performance.now() - start);
    await new Promise((later) => setTimeout(later, 150));  // a hand pauses; nothing is awaited
  }
  return times;
}"""


def test_from_slider_to_bars_takes_under_three_tenths_of_a_second(new_page):
    page = new_page()
    page.wait_for_selector(".figure svg")
    times = page.evaluate(MEASURE, 15)
    assert statistics.median(times) < 300, times
