"""French."""

PHRASES: dict[str, str | tuple[str, ...]] = {
    "greeting": ("Bonjour {name},", "Bonjour,"),
    "greeting_formal": ("Bonjour {name},", "Madame, Monsieur,"),
    "greeting_friendly": ("Bonjour {name},", "Bonjour,"),
    "closing": "Cordialement",
    "closing_formal": "Veuillez agréer nos salutations distinguées",
    "closing_friendly": "Bien à vous",
    "thanks": ("merci pour votre message.", "nous vous remercions de votre message."),
    "thanks_again": "merci pour votre réponse.",
    "apology": "Nous sommes désolés des désagréments que cela vous a causés.",
    "help": (
        "Pour toute autre question, il vous suffit de répondre à ce message.",
        "Nous restons à votre disposition pour toute autre question.",
    ),
    "open": "Nous avons bien reçu votre commande {number}[ du {ordered_on}][ ({items})] ; elle n'est pas encore confirmée.",
    "confirmed": "Votre commande {number}[ du {ordered_on}][ ({items})] est confirmée et n'a pas encore quitté notre entrepôt.",
    "packed": "Votre commande {number}[ ({items})] est emballée et prête à quitter notre entrepôt.",
    "shipped": "Votre commande {number}[ ({items})] est en route : elle a quitté notre entrepôt[ le {shipped_on}][ avec {carrier}].",
    "delivered": "D'après nos informations, votre commande {number}[ ({items})] a été livrée[ le {delivered_on}][ par {carrier}].",
    "backordered": "Votre commande {number}[ du {ordered_on}][ ({items})] est encore en attente de stock.",
    "cancelled": "Votre commande {number}[ du {ordered_on}][ ({items})] a été annulée.",
    "returned": "Votre commande {number}[ ({items})] est enregistrée chez nous comme retournée.",
    "tracking": "Vous pouvez suivre l'envoi avec le numéro de suivi {tracking_number}.",
    "parcel_seen": "{carrier} a vu le colis pour la dernière fois à {place} le {seen_on}.",
    "parcels": "Nombre de colis : {parcels}.",
    "promised": ("La livraison est prévue pour le {promised_on}.", "La date de livraison prévue est le {promised_on}."),
    "overdue": "La livraison était prévue pour le {promised_on}. Nous sommes désolés que cela prenne plus de temps qu'annoncé.",
    "restock": "Nous attendons le retour en stock de l'article {product} ({sku}) le {restock_on}.",
    "not_at_hand": "Si le colis reste introuvable chez vous, merci de répondre à ce message afin que nous puissions nous adresser au "
    "transporteur.",
    "new_order": "Si vous avez toujours besoin de la marchandise, répondez simplement à ce message et nous enregistrerons une "
    "nouvelle commande.",
    "order_not_found": "Nous ne trouvons malheureusement pas de commande {number} dans votre compte. Pourriez-vous vérifier le numéro ?",
    "orders_under_way": "Voici vos commandes actuellement en cours :",
    "order_line": "- {number}[ du {ordered_on}] : {label}[, livraison prévue pour le {promised_on}]",
    "which_order": "Pourriez-vous nous indiquer le numéro de commande ? Nous pourrons alors vous dire précisément où elle en est.",
    "label_open": "reçue",
    "label_confirmed": "confirmée",
    "label_packed": "emballée",
    "label_shipped": "en route[ avec {carrier}, numéro de suivi {tracking_number}]",
    "label_backordered": "en attente de stock",
    "stock": "L'article {product} ({sku}) est en stock ; quantité disponible actuellement : {stock}.",
    "stock_enough": "Oui, la quantité de {quantity} est disponible : nous avons actuellement {stock} pièces de l'article {product} "
    "({sku}) en stock.",
    "stock_short": "Nous avons actuellement {stock} pièces de l'article {product} ({sku}) en stock, soit moins que les {quantity} "
    "souhaitées."
    "[ Le prochain arrivage est attendu le {restock_on}.]",
    "stock_none": "L'article {product} ({sku}) est actuellement épuisé.[ Le prochain arrivage est attendu le {restock_on}.]",
    "price": "Le prix unitaire est de {price}.",
    "price_total": "Le prix unitaire est de {price}, soit {total} pour {quantity} pièces.",
    "asked_about": "Voici les informations demandées :",
    "product_line": "- {product} ({sku}) : {price} pièce[, soit {total} pour {quantity}], en stock : {stock}[, prochain arrivage le "
    "{restock_on}]",
    "which_product": "Plusieurs de nos articles pourraient correspondre :",
    "which_product_end": "Pourriez-vous nous dire lequel il vous faut ?",
    "product_ask": "Pourriez-vous nous envoyer la référence ou une courte description de l'article ? Nous pourrons alors vérifier.",
    "product_not_found": "Nous ne trouvons malheureusement pas {query} dans notre gamme. Pourriez-vous nous envoyer la référence ou "
    "une courte description ?",
    "quote": "Voici notre offre :",
    "quote_end": "Pour commander, il vous suffit de répondre à ce message avec votre référence de commande.",
    "order_known": "Nous avons retrouvé votre commande {number}[ ({items})][, livrée le {delivered_on}].",
    "return_ask": "Merci de nous indiquer quels articles vous souhaitez retourner, en quelle quantité et pour quelle raison.",
    "damage": "Nous sommes vraiment désolés que votre livraison ne soit pas arrivée en bon état.",
    "photos_ask": "Pourriez-vous nous envoyer des photos de l'article et de son emballage, et nous indiquer combien de pièces sont "
    "concernées ?",
    "keep_packaging": "Merci de conserver l'emballage jusqu'à ce que l'affaire soit réglée.",
    "photos_thanks": "Merci pour les photos jointes à votre message.",
    "order_ask": "Merci de nous indiquer également le numéro de commande.",
    "invoice": "La facture de votre commande {number}[ du {ordered_on}] porte le numéro {invoice_number}[ et s'élève à {total}].",
    "no_invoice": "Il n'y a pas encore de facture pour votre commande {number}.",
    "change_too_late": "Votre commande {number} a déjà quitté notre entrepôt[ le {shipped_on}][ avec {carrier}] ; nous ne pouvons "
    "donc plus modifier la"
    " livraison d'ici.[ Le transporteur pourra vous aider avec le numéro de suivi {tracking_number}.]",
    "change_delivered": "Votre commande {number} a déjà été livrée[ le {delivered_on}] ; la livraison ne peut donc plus être modifiée.",
}
