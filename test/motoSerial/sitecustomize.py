"""Loaded by Python before moto: one request at a time. On threads moto looks whether an object exists, and only later
creates it, so that now and then two of sixteen writers racing with If-None-Match both win."""

import werkzeug.serving

_run_simple = werkzeug.serving.run_simple


def run_simple(*arguments, **options):
    options["threaded"] = False
    return _run_simple(*arguments, **options)


werkzeug.serving.run_simple = run_simple
