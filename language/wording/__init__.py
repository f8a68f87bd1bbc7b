"""Every sentence that the bot says, by subject. Handlers take them from here."""

from language.wording.admissions import *
from language.wording.batches import *
from language.wording.clocks import *
from language.wording.corrections import *
from language.wording.figures import *
from language.wording.joining import *
from language.wording.law import *
from language.wording.linking import *
from language.wording.odd import *
from language.wording.people import *
from language.wording.posts import *
from language.wording.reminders import *
from language.wording.runway import *
from language.wording.sessions import *
from language.wording.system import *
from language.wording.talk import *
from language.wording.terms import *
from language.wording.totals import *
