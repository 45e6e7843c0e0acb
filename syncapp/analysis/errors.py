"""Why an analysis stops: the message says it in a sentence."""


class AnalysisStopped(Exception):
    """It cannot be done as it was asked for."""

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(sentence)
        self.code = code
