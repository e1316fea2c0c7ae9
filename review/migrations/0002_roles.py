"""The three roles as groups. Admins may use the admin site for what has no page of its own yet."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

EDITED_BY_ADMINS = {
    "inbox": ["mailbox"],
    "drafting": ["category", "customer", "customeraddress", "product", "order", "orderline", "article", "replytemplate", "rule", "guidance"],
}
SEEN_BY_ADMINS = {
    "inbox": ["conversation", "message", "outgoingmail"],
    "drafting": ["draft", "evidence", "checkresult", "modelcall", "setup", "setupactivation"],
    "review": ["claim", "decision"],
}


def make_roles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Group = apps.get_model("auth", "Group")
    for name in ["reviewer", "admin", "manager"]:
        Group.objects.get_or_create(name=name)
    grant(apps, Group.objects.get(name="admin"))


def grant(apps: Apps, group) -> None:
    Permission = apps.get_model("auth", "Permission")
    for app, verbs, models in [
        *((app, ["add", "change", "delete", "view"], models) for app, models in EDITED_BY_ADMINS.items()),
        *((app, ["view"], models) for app, models in SEEN_BY_ADMINS.items()),
    ]:
        # Permissions are made only after all migrations have run, which is too late here.
        config = apps.get_app_config(app)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
        codenames = [f"{verb}_{model}" for verb in verbs for model in models]
        group.permissions.add(*Permission.objects.filter(content_type__app_label=app, codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
