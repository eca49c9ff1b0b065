"""The notebook: it runs from the first cell to the last, and its three questions have the answers that they expect."""

from notebooks.three_questions import app


def test_the_notebook_runs_and_its_answers_are_those_expected() -> None:
    outputs, defined = app.run()
    assert "".join(output.text for output in outputs if output is not None).count("<svg ") == 3
    for name in ("suit", "prime", "downfall"):
        assert defined[name].checked.agrees, str(defined[name].checked)
    assert "legal: waived → Event of Default" in str(defined["compared"])
