from django.db import migrations, models

import drafting.models.bare


class Migration(migrations.Migration):
    """The known addresses of a mail domain are found along an index."""

    dependencies = [("drafting", "0014_erased")]

    operations = [
        migrations.AddIndex(
            "customeraddress",
            models.Index(drafting.models.bare.MailDomain("address"), "id", name="address_by_domain"),
        )
    ]
