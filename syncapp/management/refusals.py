"""With which exit code a command ends whose request was turned down."""

from syncapp import services
from syncapp.job_handlers.exit_codes import BUSY, FAILED
from syncapp.management.wait_for_job import USAGE

# What was typed may be right, and nothing is there to be done, or the file is wrong.
NOT_OF_WORDS = (services.NothingChosen, services.BadPlanFile)


def refusal_code(refused: services.Refused) -> int:
    """Return the code of a refusal: wrong words, busy, or it could not be done."""
    if isinstance(refused, services.PlanBusy | services.SourceBusy):
        return BUSY
    is_words = isinstance(refused, services.BadRequest)
    return USAGE if is_words and not isinstance(refused, NOT_OF_WORDS) else FAILED
