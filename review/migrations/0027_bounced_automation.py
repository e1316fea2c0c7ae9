from django.db import migrations

AGAIN = """
INSERT INTO review_touched (conversation_id)
SELECT DISTINCT conversation_id FROM review_outcome WHERE automated > 0 AND bounced > 0 ORDER BY 1
"""


class Migration(migrations.Migration):
    """A reply that came back is not automated: conversations in which one did count anew."""

    dependencies = [("review", "0026_slowest_mails")]

    operations = [migrations.RunSQL(AGAIN, "")]
