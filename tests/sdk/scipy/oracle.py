"""Prints what SciPy says on a grid: {name: [[arguments, values], …]}, floats as text so that none loses a digit.

Where SciPy has no such function, or loses digits itself, mpmath computes it with fifty.
"""

import json

import mpmath
import numpy
from scipy import stats

mpmath.mp.dps = 50
rows = {}


def add(name, arguments, *values):
    rows.setdefault(name, []).append([arguments, [repr(float(value)) for value in values]])


# Down to 1e-300 and beyond the middle, for each number of degrees.
degrees = [1, 2, 3, 4, 5, 9, 10, 20, 51, 100, 999, 10_000]
tails = [1e-300, 1e-250, 1e-200, 1e-100, 1e-50, 1e-20, 1e-9, 1e-3, 0.01, 0.05, 0.2, 0.5, 0.7]
for df in degrees:
    statistics = {float(stats.chi2.isf(tail, df)) for tail in tails} | {df * 0.9, df * 1.0, df * 1.1, 0.5}
    for statistic in sorted(statistics):
        exact = mpmath.gammainc(mpmath.mpf(df) / 2, mpmath.mpf(statistic) / 2, regularized=True)
        scipy = stats.chi2.sf(statistic, df)
        # Both are asked: SciPy is the oracle, and mpmath says where the oracle itself is off.
        if scipy > 0:
            assert abs(exact / mpmath.mpf(scipy) - 1) < 1e-9, (statistic, df, exact, scipy)
            add("chi_square_survival", [statistic, df], scipy)

for z in numpy.concatenate([numpy.linspace(-8, 37, 181), [0.0, 1e-9, -37.0]]):
    add("normal_survival", [repr(float(z))], stats.norm.sf(z))

for p in [10.0**-e for e in range(1, 301, 7)] + [0.025, 0.2, 0.3, 0.45, 0.499, 0.501, 0.6, 0.8, 0.9, 0.975, 0.999, 1 - 1e-9]:
    add("normal_quantile", [repr(p)], stats.norm.ppf(p))

# Beyond ten millions SciPy itself is off by more than 1e-9 (the exact sum of few hits says so).
counts = [1, 2, 3, 7, 10, 50, 101, 1000, 12_345, 1_000_000, 10_000_000]
for total in counts:
    hits = {0, 1, 2, 5, total // 1000, total // 100, total // 4, total // 3, total // 2, total - 1, total}
    for hit in sorted(hit for hit in hits if hit <= total):
        result = stats.binomtest(hit, total)
        wilson = result.proportion_ci(0.95, method="wilson")
        add("wilson", [hit, total], wilson.low, wilson.high)
        for confidence in [0.8, 0.95, 0.999, 0.999999]:
            # What binomtest computes, without searching for its p value.
            outside = (1 - confidence) / 2
            low = stats.beta.ppf(outside, hit, total - hit + 1) if hit > 0 else 0
            high = stats.beta.isf(outside, hit + 1, total - hit) if hit < total else 1
            add("clopper_pearson", [hit, total, repr(confidence)], low, high)

random = numpy.random.default_rng(20260101)
tables = [random.integers(1, 10**scale, size=shape) for scale in (2, 4, 7) for shape in ((2, 2), (2, 3), (4, 5)) for _ in range(5)]
# Nearly independent ones, and the strongly associated with p far down.
tables += [numpy.array([[2500 + d, 7500 - d], [2500, 7500]]) * k for d in (0, 1, 30, 700) for k in (1, 100)]
for table in tables:
    chi2 = stats.chi2_contingency(table, correction=False)
    if chi2.pvalue > 1e-300:
        v = stats.contingency.association(table, method="cramer")
        add("association", [table.tolist()], chi2.statistic, chi2.pvalue, v)

for observed, shares in [
    ([5000, 5000], [1, 1]),
    ([5200, 4800], [50, 50]),
    ([503, 497, 1010], [25, 25, 50]),
    ([4_990_000, 5_010_000], [1, 1]),
    ([100_300, 899_700], [10, 90]),
    ([3300, 3400, 3600, 9000], [33, 34, 35, 90]),
    ([1_020_000, 980_000], [1, 1]),
    # Shares of a rollout, and of an algorithm with a hundred buckets.
    ([2_544, 7_456], [0.25, 0.75]),
    ([12_310, 87_690], [0.12, 0.88]),
    ([131, 9_869], [0.01234, 0.98766]),
]:
    expected = numpy.array(shares) / sum(shares) * sum(observed)
    result = stats.chisquare(observed, expected)
    if result.pvalue > 0:
        add("sample_ratio", [observed, shares], result.statistic, result.pvalue)
    # Lindon and Malek's Bayes factor as they write it, by logarithms of the gamma function.
    concentration = mpmath.mpf(10_000)
    users = sum(observed)
    log_odds = mpmath.loggamma(concentration) - mpmath.loggamma(concentration + users)
    for count, share in zip(observed, shares):
        share = mpmath.mpf(share) / sum(shares)
        log_odds += mpmath.loggamma(concentration * share + count) - mpmath.loggamma(concentration * share)
        log_odds -= count * mpmath.log(share)
    add("sequential_ratio", [observed, shares], log_odds, min(mpmath.mpf(1), mpmath.exp(-log_odds)))

for users in [1, 2, 3, 10, 299, 1000, 10**6, 10**9]:
    for confidence in [0.5, 0.95, 0.999]:
        # No failure among so many: one side of Clopper and Pearson's interval.
        add("failure_bound", [users, repr(confidence)], stats.beta.isf(1 - confidence, 1, users))

for rate in [0.001, 0.05, 0.5]:
    for users in [(1000, 1000), (700, 300), (5e6, 1e4)]:
        for significance, power in [(0.05, 0.8), (0.001, 0.95), (1e-5, 0.8), (1e-12, 0.99)]:
            # Several comparisons share the significance, and users in groups are worth fewer.
            for comparisons, worth in [(1, 1.0), (2, 1.0), (7, 1.0), (1, 31.25), (19, 257.96)]:
                quantiles = stats.norm.isf(significance / comparisons / 2) + stats.norm.ppf(power)
                effect = quantiles * (rate * (1 - rate) * (worth / users[0] + worth / users[1])) ** 0.5
                arguments = [rate, users[0], users[1], significance, power]
                add("detectable", [*map(repr, arguments), comparisons, repr(worth)], effect)

# Kish's effective size and the design effect, as NumPy weighs them.
for sizes in [[1] * 9, [7] * 40, [1000] + [1] * 10, [1802, 940, 422, 211, 34], [5], [3_000_000_000, 1], list(range(1, 400)), [2**52, 2**51, 7]]:
    weights = numpy.array(sizes, dtype=numpy.longdouble)
    effective = weights.sum() ** 2 / (weights**2).sum()
    add("design_effect", [sizes], effective, weights.sum() / effective)

print(json.dumps(rows))
