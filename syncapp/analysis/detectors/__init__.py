"""The detectors, in the order in which their findings are shown."""

from syncapp.analysis.detector import Detector, LibraryDetector
from syncapp.analysis.detectors.date import DATE
from syncapp.analysis.detectors.details import DETAILS
from syncapp.analysis.detectors.duplicates import DUPLICATES
from syncapp.analysis.detectors.marks import MARKS
from syncapp.analysis.detectors.performers import PERFORMERS
from syncapp.analysis.detectors.studio import STUDIO
from syncapp.analysis.detectors.tags import TAGS
from syncapp.analysis.detectors.title import TITLE

DETECTORS: tuple[Detector, ...] = (
    *(STUDIO, PERFORMERS, TAGS, DATE, TITLE, MARKS, DETAILS),
)
# These look at all scenes of a source together.
LIBRARY_DETECTORS: tuple[LibraryDetector, ...] = (DUPLICATES,)
