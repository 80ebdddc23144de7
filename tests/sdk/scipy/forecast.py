"""Reads the JSON of forecasts (a list) and computes every statistic in them again with SciPy; prints what was compared."""

import json
import math
import sys

import mpmath
from scipy import stats

mpmath.mp.dps = 50
compared = {}


def near(name, found, wanted):
    assert abs(found - wanted) <= 1e-9 * abs(wanted) + 1e-300, (name, found, wanted)
    compared[name] = compared.get(name, 0) + 1


def sample_ratio(test, counts, shares):
    # Users in groups count for what they are worth (Rao and Scott's correction of first order).
    worth = [count / test.get("design_effect", 1) for count in counts]
    chi = stats.chisquare(worth, [sum(worth) * share for share in shares])
    near("chi_square", test["chi_square"], chi.statistic)
    near("sample_ratio_p", test["p"], chi.pvalue)
    points = max(abs(count / sum(counts) - share) * 100 for count, share in zip(counts, shares))
    near("deviation_points", test["deviation_points"], points)
    assert test["mismatch"] == (chi.pvalue < 0.001)


def sequential(test, counts, shares, effect):
    counts = [mpmath.mpf(count) / mpmath.mpf(effect) for count in counts]
    # The Dirichlet-multinomial against the multinomial, with gamma functions of fifty digits.
    prior = [mpmath.mpf(10_000) * mpmath.mpf(share) for share in shares]
    odds = mpmath.loggamma(sum(prior)) - mpmath.loggamma(sum(prior) + sum(counts))
    for count, before, share in zip(counts, prior, shares):
        odds += mpmath.loggamma(before + count) - mpmath.loggamma(before) - count * mpmath.log(mpmath.mpf(share))
    near("log_odds", test["log_odds"], float(odds))
    near("sequential_p", test["p"], float(min(1, mpmath.exp(-odds))))
    assert test["mismatch"] == (test["p"] < test["limit"])


def overlap(one, pairs):
    found, table = one["association"], one["counts"]
    effect = found.get("design_effect", 1)
    chi = stats.chi2_contingency(table, correction=False)
    pvalue = stats.chi2.sf(chi.statistic / effect, chi.dof)
    near("association", found["chi_square"], chi.statistic / effect)
    near("association_p", found["p"], pvalue)
    least = min(len(table), len(table[0])) - 1
    near("strength", abs(found["strength"]), math.sqrt(chi.statistic / sum(map(sum, table)) / least))
    near("limit", found["limit"], 0.001 / pairs)
    assert found["notable"] == (pvalue < 0.001 / pairs and abs(found["strength"]) > 0.01), one


def power(report):
    several, worth = len(report["comparisons"]), 1
    alpha = report["alpha"] / max(several, 1)
    assert ("correction" in report) == (several > 1)
    if several > 1:
        assert (report["correction"]["method"], report["correction"]["comparisons"]) == ("bonferroni", several)
        near("bonferroni", report["correction"]["alpha"], alpha)
    if "design" in report:
        worth = report["design"]["design_effect"]
    quantiles = stats.norm.isf(alpha / 2) + stats.norm.ppf(report["power"])
    for one in report["comparisons"]:
        def detectable(days):
            users = [report["daily_users"] * days * arm["share"] for arm in (one["control"], one["arm"])]
            variance = report["baseline"] * (1 - report["baseline"])
            return quantiles * math.sqrt(variance * sum(worth / count for count in users))

        for after in one["durations"]:
            wanted = detectable(after["days"])
            assert ("effective" in after) == ("design" in report)
            if "effective" in after:
                near("effective", after["effective"], after["users"] / worth)
            if wanted <= max(report["baseline"], 1 - report["baseline"]):
                near("detectable", after["detectable"], wanted)
            else:
                assert after["detectable"] is None
        if "effect" in report and one["days"] is not None:
            days = one["days"]
            assert detectable(days) <= report["effect"] * (1 + 1e-9), (days, report)
            assert days == 1 or detectable(days - 1) > report["effect"] * (1 - 1e-9)
            compared["days"] = compared.get("days", 0) + 1


for report in json.load(sys.stdin):
    if "observed" in report:
        observed = report["observed"]
        promised = [one for one in observed["variants"] if one["expected"] > 0]
        counts = [one["users"] for one in promised]
        shares = [one["expected"] for one in promised]
        assert sum(counts) + observed.get("unexpected", 0) == observed["users"]
        sample_ratio(observed["sample_ratio"], counts, shares)
        sequential(observed["sequential"], counts, shares, observed["sample_ratio"].get("design_effect", 1))
    if "sample_ratio" in report.get("experiment", {}):
        variants = report["experiment"]["variants"]
        test = report["experiment"]["sample_ratio"]
        sample_ratio(test, [one["users"] for one in variants], [one["expected"] for one in variants])
        if "design_effect" in test:
            near("design_effect", test["design_effect"], report["orgs"]["users"] / report["orgs"]["effective_size"])
    told = [one for one in report.get("overlaps", []) if "association" in one]
    for one in told:
        overlap(one, len(told))
    if "power" in report:
        power(report["power"])
        if "design" in report["power"]:
            orgs = report["orgs"]
            near("design_effect", report["power"]["design"]["design_effect"], orgs["users"] / orgs["effective_size"])
    for step in report["steps"]:
        bound = step.get("failure_bound")
        assert (bound is None) == (step["joins"] + step["switches"] == 0)
        if bound:
            users = bound.get("effective", bound["users"])
            near("failure_bound", bound["rate"], stats.beta.isf(0.05, 1, users))
            near("rule_of_three", bound["rule_of_three"], min(1, 3 / users))
    for state in [report["now"]] + [step["then"] for step in report["steps"]]:
        for name in ("interval", "unseen"):
            if name in state:
                result = stats.binomtest(state["on"], report["population"]["users"])
                wilson = result.proportion_ci(0.95, method="wilson")
                near(name + "_low", state[name][0], wilson.low)
                near(name + "_high", state[name][1], wilson.high)
print(json.dumps(compared))
