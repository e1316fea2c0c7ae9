"""What gunicorn serves on the postbox's port."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.demo.postbox.settings")
application = get_wsgi_application()
