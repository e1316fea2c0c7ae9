"""Whose mail domain somebody writes from. A hint for people, who may know a colleague by it; it proves nothing.

What is looked up, told to the model and let through the gate goes by the proven address alone (`drafting.tools.customers`): whoever has an
address at a firm need not be entitled to know what the firm ordered.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from drafting.models import CustomerAddress
from drafting.models.bare import MailDomain

MOST = 20
"""So many known addresses of a domain are looked at: one of somebody else is among them where people share it."""
_WITH_MANY_DOMAINS = """
aol fastmail freemail gmail gmx googlemail hey hotmail hushmail icloud inbox live mail mailbox mailfence msn outlook posteo proton
protonmail rocketmail tuta tutanota yahoo yandex ymail zoho
"""
_OTHERS = """
126.com 163.com abv.bg alice.it arcor.de att.net bbox.fr bellsouth.net bigpond.com bk.ru blueyonder.co.uk bluewin.ch bol.com.br
btinternet.com centrum.cz charter.net comcast.net cox.net daum.net docomo.ne.jp earthlink.net eircom.net email.cz email.de ezweb.ne.jp
foxmail.com free.fr freenet.de hanmail.net hetnet.nl home.nl ig.com.br interia.pl kabelmail.de kpnmail.nl laposte.net libero.it list.ru
mac.com magenta.de me.com mweb.co.za naver.com neuf.fr nifty.com ntlworld.com numericable.fr o2.pl onet.pl online.de online.no op.pl
optonline.net optusnet.com.au orange.fr planet.nl pm.me poczta.onet.pl qq.com rambler.ru rediffmail.com sapo.pt sbcglobal.net seznam.cz
sfr.fr shaw.ca sina.com sky.com skynet.be softbank.ne.jp sohu.com t-online.de talktalk.net telenet.be telia.com telus.net terra.com.br
terra.es tin.it tiscali.it ukr.net uol.com.br verizon.net virgilio.it virgin.net virginmedia.com vodafone.de vodafonemail.de wanadoo.fr
web.de wp.pl xs4all.nl xtra.co.nz yeah.net ziggo.nl
"""
PROVIDERS = frozenset(_WITH_MANY_DOMAINS.split())
"""Public mail providers with many domains, such as yahoo.co.uk, by what stands before their first dot."""
PROVIDER_DOMAINS = frozenset(_OTHERS.split())
"""Other providers, by their domains."""


def with_neighbours(sender: str) -> ArraySubquery:
    """Known addresses at the mail domain of what the field `sender` holds, for `owner`."""
    described = JSONObject(address="address", name="customer__name", number="customer__number")
    known = CustomerAddress.objects.alias(domain=MailDomain("address")).filter(domain=MailDomain(OuterRef(sender)))
    return ArraySubquery(known.order_by("pk").values(neighbour=described)[:MOST])


def owner(sender: str, neighbours: Sequence[Mapping[str, Any]]) -> tuple[str, str] | None:
    """Name and number of the customer whose own domain the address `sender` is in, which is not known itself.

    None where several customers write from that domain, or everybody may have an address there.
    """
    addresses = {each["address"] for each in neighbours}
    owners = {(str(each["name"]), str(each["number"])) for each in neighbours}
    if len(owners) != 1 or sender.strip().lower() in addresses or is_shared(sender):
        return None
    return owners.pop()


def is_shared(address: str) -> bool:
    """Whether it is at a public mail provider, as far as those are known here."""
    domain = address.strip().lower().rpartition("@")[2]
    return domain in PROVIDER_DOMAINS or domain.partition(".")[0] in PROVIDERS
