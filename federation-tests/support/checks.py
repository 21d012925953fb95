"""Assertions that print one line each and never stop the run."""

import time
import traceback


class Checks:
    """Called with a sentence and whether it is true."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self.title = ""

    def heading(self, title):
        self.title = title
        print(f"\n== {title}", flush=True)

    def __call__(self, sentence, true, detail=None):
        if true:
            self.passed += 1
            print(f"ok      {sentence}", flush=True)
        else:
            self.failed.append(f"{self.title}: {sentence}")
            print(f"FAILED  {sentence}", flush=True)
            if detail is not None:
                print(f"        {str(detail)[:2000]}", flush=True)
        return bool(true)

    def equal(self, sentence, got, wanted):
        return self(sentence, got == wanted, f"got {got!r}, wanted {wanted!r}")

    def soon(self, sentence, question, seconds=30):
        """Asks again until the answer is yes; what the question says last is the detail."""
        answer = wait_until(question, seconds)
        self(sentence, answer, f"still {answer!r} after {seconds} s")
        return answer

    def never(self, sentence, question, seconds=3):
        """Looks for the whole time and fails at the first yes."""
        answer = wait_until(question, seconds)
        return self(sentence, not answer, f"became {answer!r}")

    def guard(self, run, *arguments):
        """Runs a scenario; an error in it is one failed assertion."""
        try:
            run(*arguments)
        except Exception:
            self("the scenario runs to its end", False, traceback.format_exc()[-2000:])

    def close(self):
        for line in self.failed:
            print(f"failed: {line}")
        print(f"\n{self.passed} passed, {len(self.failed)} failed", flush=True)
        return 1 if self.failed or not self.passed else 0


def wait_until(question, seconds=30, pause=0.1):
    """The first true answer, or the last false one at the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        answer = question()
        if answer or time.monotonic() > deadline:
            return answer
        time.sleep(pause)
