"""The jupyter_kernel_test suite, told what our language looks like: a judge that nobody here wrote."""

import unittest

import jupyter_kernel_test


class GradlabKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "gradlab"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"
    complete_code_samples = ["1", "const x: number = 5", "function f() { return 1 }", "f(\n1)"]
    incomplete_code_samples = ["function f() {", "const x = [1,", "`text", "f("]
    invalid_code_samples = ["const = 5", "1 +* 2", "}"]
    code_generate_error = "throw new Error('on purpose')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "const answer: number = 42; answer", "result": "42"},
        {"code": "await Promise.resolve('later')", "result": "'later'"},
    ]
    code_display_data = [
        {"code": "display.html('<b>bold</b>')", "mime": "text/html"},
        {"code": "display.svg('<svg></svg>')", "mime": "image/svg+xml"},
        {"code": "display.json({ a: 1 })", "mime": "application/json"},
    ]
    code_clear_output = "clearOutput()"
    completion_samples = [
        {"text": "Math.sq", "matches": {"sqrt", "SQRT2", "SQRT1_2"}},
    ]
    code_inspect_sample = "Math.max"
    code_page_something = "Math.max?"
    code_history_pattern = "6 [*] 7"
    supported_history_operations = ("tail", "range", "search")


if __name__ == "__main__":
    unittest.main()
