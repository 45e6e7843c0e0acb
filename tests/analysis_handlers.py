"""The program's kinds of job, with toy detectors: for a worker of a test."""

from syncapp.analysis import detectors, looking
from tests.handlers import HANDLERS as EVERY
from tests.toy_detectors import TOYS, toy_confidence

detectors.DETECTORS = TOYS
vars(looking).update(confidence_of=toy_confidence)
HANDLERS = EVERY
