#!/usr/bin/python3
"""Maximises GARCH likelihoods written down here independently: JSON cases in, estimates by name out.

Needs Debian's python3-scipy. Plain recursions and numerical derivatives, none of the product's shortcuts: Nelder
and Mead's simplex and then BFGS on scaled natural parameters, standard errors from central differences of the log
densities. Called by references.fixture.ts.
"""
import json
import math
import sys

import numpy as np
from scipy.optimize import minimize

NAMES = ["mu", "omega", "alpha", "gamma", "beta", "nu"]


def log_densities(p, returns, variance, innovations):
    mu, omega, alpha, gamma, beta, nu = p
    e = returns - mu
    m = float(np.mean(e * e))
    student = innovations == "student"
    if student:
        size = math.sqrt((nu - 2) / math.pi) * math.exp(math.lgamma((nu - 1) / 2) - math.lgamma(nu / 2))
        constant = math.lgamma((nu + 1) / 2) - math.lgamma(nu / 2) - 0.5 * math.log(math.pi * (nu - 2))
    else:
        size = math.sqrt(2 / math.pi)
        constant = -0.5 * math.log(2 * math.pi)
    h = np.empty(len(e))
    # The session before the first had variance m and the news expected of it.
    now = math.exp(omega + beta * math.log(m)) if variance == "egarch" else omega + (alpha + gamma / 2 + beta) * m
    for t, x in enumerate(e.tolist()):
        h[t] = now
        if variance == "egarch":
            z = x / math.sqrt(now)
            now = math.exp(omega + alpha * (abs(z) - size) + gamma * z + beta * math.log(now))
        else:
            now = omega + (alpha + (gamma if x < 0 else 0.0)) * x * x + beta * now
    square = e * e / h
    if student:
        return constant - 0.5 * np.log(h) - 0.5 * (nu + 1) * np.log1p(square / (nu - 2))
    return constant - 0.5 * np.log(h) - 0.5 * square


def estimate(case):
    returns = np.array(case["returns"])
    variance, innovations = case["variance"], case["innovations"]
    free = [i for i, name in enumerate(NAMES)
            if not (name == "gamma" and variance == "garch") and not (name == "nu" and innovations == "normal")]
    start = np.array(case["start"], dtype=float)
    scale = np.maximum(np.abs(start), 1e-3)[free]

    def full(x):
        p = start.copy()
        p[free] = x * scale
        return p

    def densities(x):
        try:
            return log_densities(full(x), returns, variance, innovations)
        except (ValueError, OverflowError):
            return np.full(len(returns), -1e6)

    def loss(x):
        total = -float(np.sum(densities(x)))
        return total if math.isfinite(total) else 1e12

    x = start[free] / scale
    for _ in range(3):
        x = minimize(loss, x, method="Nelder-Mead",
                     options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000, "maxfev": 4000}).x
    x = minimize(loss, x, method="BFGS", options={"gtol": 1e-7}).x

    width = len(free)
    step = 1e-4 * np.maximum(np.abs(x), 1e-2)
    unit = np.eye(width) * step
    scores = np.stack([(densities(x + unit[i]) - densities(x - unit[i])) / (2 * step[i]) for i in range(width)])
    hessian = np.empty((width, width))
    for i in range(width):
        for j in range(width):
            corners = [(loss(x + a * unit[i] + b * unit[j]), a * b) for a in (1, -1) for b in (1, -1)]
            hessian[i, j] = sum(value * sign for value, sign in corners) / (4 * step[i] * step[j])
    products = scores @ scores.T
    inverse = np.linalg.inv(hessian)
    names = [NAMES[i] for i in free]

    def errors(covariance):
        return dict(zip(names, (np.sqrt(np.diag(covariance)) * scale).tolist()))

    return {
        "parameters": dict(zip(names, full(x)[free].tolist())),
        "logLikelihood": -loss(x),
        "hessian": errors(inverse),
        "sandwich": errors(inverse @ products @ inverse),
        "outerProduct": errors(np.linalg.inv(products)),
    }


json.dump({case["name"]: estimate(case) for case in json.load(sys.stdin)}, sys.stdout)
