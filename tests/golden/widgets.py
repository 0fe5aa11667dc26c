"""The full state of a fresh widget of each kind, as ipywidgets sends it: writes widgets.json."""

import json
import os

import ipywidgets
from ipywidgets.widgets.widget import _instances

KINDS = """
    IntSlider FloatSlider FloatLogSlider IntRangeSlider FloatRangeSlider IntProgress FloatProgress BoundedIntText
    BoundedFloatText IntText FloatText ToggleButton Checkbox Valid Dropdown RadioButtons Select SelectionSlider
    SelectionRangeSlider ToggleButtons SelectMultiple Text Textarea Combobox Password Label HTML HTMLMath Image Button
    Output Play ColorPicker Box HBox VBox GridBox Accordion Tab Stack
""".split()
CHOICES = "Dropdown RadioButtons Select SelectionSlider SelectionRangeSlider ToggleButtons SelectMultiple".split()


def plain(value):
    """References to other widgets by the name of their model, bytes by their length."""
    if isinstance(value, str) and value.startswith("IPY_MODEL_"):
        return "IPY_MODEL:" + str(_instances[value[10:]]._model_name)
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": len(value)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def state_of(widget):
    return {name: plain(value) for name, value in widget.get_state().items()}


def main():
    cases = {}
    for kind in KINDS:
        options = {"options": ["a", "b"]} if kind in CHOICES else {}
        widget = getattr(ipywidgets, kind)(**options)
        cases[kind] = state_of(widget)
        for part in (widget.layout, getattr(widget, "style", None)):
            if isinstance(part, ipywidgets.Widget):
                cases[type(part).__name__] = state_of(part)
    one, other = ipywidgets.IntSlider(), ipywidgets.IntSlider()
    cases["Link"] = state_of(ipywidgets.jslink((one, "value"), (other, "value")))
    cases["DirectionalLink"] = state_of(ipywidgets.jsdlink((one, "value"), (other, "value")))
    golden = {
        "program": f"ipywidgets {ipywidgets.__version__}",
        "protocol": ipywidgets._version.__protocol_version__,
        "cases": cases,
    }
    with open(os.path.join(os.path.dirname(__file__), "widgets.json"), "w") as file:
        json.dump(golden, file, indent=1, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()
