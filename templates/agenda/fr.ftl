# L'agenda.
agenda-nav = Agenda
agenda-title = Agenda
agenda-intro = Les rendez-vous publics de la mairie et de la commune.
agenda-description = Les rendez-vous { $of } : réunions publiques, conseils, fêtes et marchés.
agenda-feed-title = Agenda { $of }
agenda-subscribe = S’abonner (iCalendar)
agenda-subscribe-help = Copiez cette adresse dans l’agenda de votre téléphone : les rendez-vous s’y tiennent à jour.
agenda-copied = Adresse copiée.
agenda-views = Présentation
agenda-view-mois = Mois
agenda-view-semaine = Semaine
agenda-view-liste = Liste
agenda-today = Aujourd’hui
agenda-this-day = aujourd’hui
agenda-month-of = { $month } { $year }
agenda-week-of = Semaine du { $day }
agenda-print = Imprimer
agenda-coming = Prochains rendez-vous
agenda-all-coming = Tous les rendez-vous
agenda-archive = Rendez-vous passés
agenda-archive-intro = Ce qui a eu lieu { $at }.
agenda-around = Autour de nous
agenda-around-intro = Des rendez-vous annoncés sur d’autres sites, choisis par la mairie.
agenda-private-note = Les rendez-vous privés ne sont jamais publiés.
agenda-legend = Légende
agenda-none = Aucun rendez-vous pour le moment.
agenda-none-month = Aucun rendez-vous ce mois-ci.
agenda-none-week = Aucun rendez-vous cette semaine.
agenda-none-help = Revenez bientôt, ou regardez les rendez-vous passés.
agenda-none-archive = Aucun rendez-vous passé.
agenda-none-around = Aucun rendez-vous alentour pour le moment.
agenda-more-that-day = { $n ->
    [one] et { $nombre } autre
   *[other] et { $nombre } autres
}
agenda-none-day = Aucun rendez-vous
agenda-older = Plus anciens
agenda-later = Suivants
agenda-back = Retour au début
agenda-range = { $n ->
    [one] { $nombre } rendez-vous
   *[other] { $nombre } rendez-vous
}
agenda-team = Visible de la mairie seulement

agenda-weekday-1 = lundi
agenda-weekday-2 = mardi
agenda-weekday-3 = mercredi
agenda-weekday-4 = jeudi
agenda-weekday-5 = vendredi
agenda-weekday-6 = samedi
agenda-weekday-7 = dimanche
agenda-weekday-short-1 = lun.
agenda-weekday-short-2 = mar.
agenda-weekday-short-3 = mer.
agenda-weekday-short-4 = jeu.
agenda-weekday-short-5 = ven.
agenda-weekday-short-6 = sam.
agenda-weekday-short-7 = dim.
agenda-month-1 = janvier
agenda-month-2 = février
agenda-month-3 = mars
agenda-month-4 = avril
agenda-month-5 = mai
agenda-month-6 = juin
agenda-month-7 = juillet
agenda-month-8 = août
agenda-month-9 = septembre
agenda-month-10 = octobre
agenda-month-11 = novembre
agenda-month-12 = décembre
agenda-month-short-1 = janv.
agenda-month-short-2 = févr.
agenda-month-short-3 = mars
agenda-month-short-4 = avr.
agenda-month-short-5 = mai
agenda-month-short-6 = juin
agenda-month-short-7 = juil.
agenda-month-short-8 = août
agenda-month-short-9 = sept.
agenda-month-short-10 = oct.
agenda-month-short-11 = nov.
agenda-month-short-12 = déc.

agenda-when-day = { $weekday } { $day }
agenda-when-days = du { $day } au { $last }
agenda-when-start = { $weekday } { $day } à { $time }
agenda-when-times = { $weekday } { $day }, de { $time } à { $end }
agenda-when-long = du { $day } à { $time } au { $last } à { $end }
agenda-all-day = toute la journée
agenda-every = Se répète
agenda-every-daily = { $n ->
    [one] Tous les jours
   *[other] Tous les { $nombre } jours
}
agenda-every-weekly = { $n ->
    [one] Toutes les semaines
   *[other] Toutes les { $nombre } semaines
}
agenda-every-monthly = { $n ->
    [one] Tous les mois
   *[other] Tous les { $nombre } mois
}
agenda-every-yearly = { $n ->
    [one] Tous les ans
   *[other] Tous les { $nombre } ans
}
agenda-every-on = { $often }, { $days }
agenda-on = le { $what }
agenda-on-last = { $before } et { $last }
agenda-on-which-1 = premier { $day }
agenda-on-which-2 = deuxième { $day }
agenda-on-which-3 = troisième { $day }
agenda-on-which-4 = quatrième { $day }
agenda-on-which-5 = cinquième { $day }
agenda-on-which-last = dernier { $day }
agenda-on-date = { $n ->
    [1] 1er
   *[other] { $nombre }
}
agenda-every-until = { $often }, jusqu’au { $day }

agenda-category-mairie = Mairie
agenda-category-vie-locale = Vie locale
agenda-category-participation = Participation
agenda-category-culture = Culture
agenda-category-sport = Sport
agenda-cancelled = Annulé
agenda-moved = Reporté
agenda-over = Passé
agenda-private = Privé
agenda-private-help = Ce rendez-vous n’est visible que de la mairie : il n’apparaît dans aucun flux, aucune recherche, aucun autre serveur.

# Un rendez-vous.
agenda-when = Quand
agenda-where = Où
agenda-online = En ligne
agenda-join-online = Suivre en ligne
agenda-contact = Contact
agenda-website = Site
agenda-seats = Places
agenda-seats-left = Places restantes : { $left } sur { $total }
agenda-seats-full = { $n ->
    [one] Complet ({ $nombre } place)
   *[other] Complet ({ $nombre } places)
}
agenda-waiting-count = { $n ->
    [one] { $nombre } personne en liste d’attente
   *[other] { $nombre } personnes en liste d’attente
}
agenda-coming-count = { $n ->
    [0] Personne n’est encore inscrit
    [one] { $nombre } personne vient
   *[other] { $nombre } personnes viennent
}
agenda-take-part = Je participe
agenda-queue = M’inscrire en liste d’attente
agenda-you-were-in = Vous étiez inscrit à ce rendez-vous.
agenda-registration-elsewhere = L’inscription se fait sur un autre site.
agenda-you-come = Vous participez
agenda-you-wait = { $n ->
    [one] Vous êtes en liste d’attente, en première place
   *[other] Vous êtes en liste d’attente, à la place { $nombre }
}
agenda-do-not-come = Je ne viens plus
agenda-leave-queue = Quitter la liste d’attente
agenda-sign-in-to-come = Se connecter pour participer
agenda-who-knows = La mairie voit votre nom. Personne d’autre : seul le nombre de participants est public.
agenda-join-elsewhere = S’inscrire sur le site de l’organisateur
agenda-no-registration = Sans inscription : venez.
agenda-add = Ajouter à mon agenda (.ics)
agenda-other-dates = Autres dates
agenda-original = Voir sur { $host }
agenda-from = Annoncé sur { $host }
agenda-picture-there = Voir l’image sur { $host }
agenda-reason = Raison : { $why }
agenda-map-link = Voir sur une carte
agenda-byline = Proposé par { $name }

# La mairie.
agenda-new = Nouveau rendez-vous
agenda-import = Importer un fichier .ics
agenda-manage = Gérer
agenda-edit = Modifier
agenda-edit-series = Modifier toute la série
agenda-move = Déplacer cette date
agenda-cancel = Annuler
agenda-restore = Rétablir
agenda-delete = Supprimer
agenda-participants = Participants
agenda-new-title = Nouveau rendez-vous
agenda-edit-title = Modifier le rendez-vous
agenda-as = Au nom de la mairie : { $name }
agenda-as-delegate = Au nom de la mairie, par délégation : { $name }
agenda-field-title = Titre
agenda-field-start-date = Date de début
agenda-field-start-time = Heure de début
agenda-field-end-date = Date de fin
agenda-field-end-time = Heure de fin
agenda-field-end-help = Vide : le même jour, une heure plus tard.
agenda-field-all-day = Toute la journée
agenda-field-repeat = Se répète
agenda-repeat-never = Une seule fois
agenda-repeat-daily = Tous les jours
agenda-repeat-weekly = Toutes les semaines
agenda-repeat-monthly = Tous les mois, le même jour du mois
agenda-repeat-monthly-weekday = Tous les mois, le même jour de la semaine (par exemple le dernier jeudi)
agenda-repeat-yearly = Tous les ans
agenda-repeat-custom = Comme à l’importation
agenda-field-interval = Tous les combien ?
agenda-field-interval-help = 2 avec « toutes les semaines » : une semaine sur deux.
agenda-field-days = Jours de la semaine
agenda-field-days-help = Pour ce qui revient chaque semaine. Sans choix : le jour du début.
agenda-field-until = Jusqu’au
agenda-field-until-help = Vide : sans fin.
agenda-field-repeat-title = Répétition
agenda-field-category = Catégorie
agenda-field-text = Description
agenda-field-text-help = Texte simple ; une ligne vide commence un paragraphe.
agenda-field-place-title = Lieu
agenda-field-place = Nom du lieu
agenda-field-street = Adresse
agenda-field-postal = Code postal
agenda-field-locality = Ville ou village
agenda-field-latitude = Latitude
agenda-field-longitude = Longitude
agenda-field-point-help = Deux nombres, par exemple 43,7278 et 7,3617. Facultatif : pour les cartes.
agenda-field-online-title = En ligne, ou un point sur la carte
agenda-field-online = Adresse pour suivre en ligne
agenda-field-image = Image
agenda-field-image-help = JPEG, PNG ou WebP.
agenda-field-image-alt = Description de l’image
agenda-field-image-alt-help = Pour celles et ceux qui ne la voient pas.
agenda-field-image-remove = Retirer l’image
agenda-field-join-title = Participation
agenda-field-join = Inscription
agenda-join-free = « Je participe », ici et depuis d’autres serveurs
agenda-join-none = Sans inscription
agenda-join-external = Sur un autre site
agenda-field-capacity = Nombre de places
agenda-field-capacity-help = Vide : autant de personnes qu’il en vient. Au-delà, une liste d’attente.
agenda-field-join-url = Adresse de l’inscription
agenda-field-contact-title = Renseignements
agenda-field-contact = Contact
agenda-field-contact-email = Courriel du contact
agenda-field-contact-phone = Téléphone du contact
agenda-field-website = Page web
agenda-field-comments = Commentaires
agenda-comments-open = Ouverts
agenda-comments-first-held = Le premier commentaire de chacun est relu
agenda-comments-all-held = Tous les commentaires sont relus
agenda-comments-off = Fermés
agenda-field-visibility = Qui le voit ?
agenda-visibility-public = Tout le monde
agenda-visibility-public-help = Sur le site, dans les flux, sur les autres serveurs.
agenda-visibility-private = La mairie seulement
agenda-visibility-private-help = Il ne sort jamais : ni flux, ni recherche, ni autre serveur.
agenda-publish = Inscrire à l’agenda
agenda-save = Enregistrer
agenda-move-title = Déplacer cette date
agenda-move-help = Seule cette date de la série change. Les personnes inscrites sont prévenues.
agenda-move-save = Déplacer
agenda-cancel-title = Annuler le rendez-vous
agenda-cancel-help = Le rendez-vous reste visible, barré. Les personnes inscrites et les autres serveurs sont prévenus.
agenda-field-reason = Raison
agenda-field-reason-help = Par exemple « reporté en janvier ». Elle est publiée.
agenda-cancel-one = Annuler cette date
agenda-cancel-all = Annuler toute la série
agenda-cancel-confirm = Annuler le rendez-vous
agenda-delete-title = Supprimer le rendez-vous
agenda-delete-help = Tout disparaît : la page, les commentaires, les inscriptions. Si le rendez-vous n’a plus lieu, annulez-le plutôt : ainsi chacun le sait.
agenda-delete-series = Toutes les dates de la série sont supprimées.
agenda-delete-confirm = Supprimer pour toujours
agenda-keep = Garder
agenda-participants-title = Participants
agenda-participants-help = Cette liste n’est visible que de la mairie. Servez-vous-en pour ce rendez-vous seulement.
agenda-participants-none = Personne pour le moment.
agenda-participants-name = Nom
agenda-participants-since = Depuis
agenda-participants-state = Inscription
agenda-participants-message = Message
agenda-state-accepted = A une place
agenda-state-waiting = En liste d’attente
agenda-flash-planned = Le rendez-vous est dans l’agenda.
agenda-flash-changed = Le rendez-vous est modifié.
agenda-flash-moved = La date est déplacée.
agenda-flash-cancelled = Le rendez-vous est annulé. Il reste visible.
agenda-flash-restored = Le rendez-vous est rétabli.
agenda-flash-deleted = Le rendez-vous est supprimé.
agenda-flash-come = C’est noté : vous participez.
agenda-flash-queued = Il n’y a plus de place : vous êtes en liste d’attente. Vous serez prévenu si une place se libère.
agenda-flash-left = C’est noté : vous ne venez plus.
agenda-flash-imported = Les rendez-vous choisis sont dans l’agenda.
agenda-flash-nothing-imported = Rien n’a été importé.
agenda-flash-source-added = Les rendez-vous de ce compte paraîtront ici.
agenda-flash-source-removed = Ils n’apparaissent plus.

# Importer.
agenda-import-title = Importer un agenda
agenda-import-intro = Choisissez un fichier .ics. Rien n’est enregistré avant que vous ayez vu et confirmé son contenu.
agenda-import-file = Fichier
agenda-import-file-help = Un fichier iCalendar (.ics), 512 Ko au plus, 500 rendez-vous au plus.
agenda-import-look = Voir le contenu
agenda-import-preview = Voici ce que contient le fichier
agenda-import-choose = Cochez ce que vous voulez reprendre. Rien n’est encore enregistré.
agenda-import-confirm = Importer les rendez-vous cochés
agenda-import-as-private = Les marquer tous comme privés (visibles de la mairie seulement)
agenda-import-take = Reprendre « { $title } »
agenda-import-untitled = Sans titre
agenda-import-known = Déjà dans l’agenda
agenda-import-private = Marqué privé dans le fichier : sera visible de la mairie seulement
agenda-import-cancelled = Annulé dans le fichier : le restera
agenda-import-changes = { $n ->
    [one] { $nombre } date change
   *[other] { $nombre } dates changent
}
agenda-import-more-dates = Les dates ajoutées une à une ne sont pas reprises
agenda-import-change-words = Une date a dans le fichier un autre titre ou un autre lieu : elle prend ceux de la série
agenda-import-zone-turned = Les heures viennent d’un fuseau propre au fichier : elles sont converties
agenda-import-people = Les personnes invitées ne sont pas reprises
agenda-import-text-cut = La description est trop longue : elle est coupée
agenda-import-other = Choisir un autre fichier
agenda-file-too-large = Ce fichier est trop grand : 512 Ko au plus.
agenda-file-no-calendar = Ce fichier n’est pas un agenda (.ics).
agenda-file-empty = Ce fichier ne contient aucun rendez-vous.
agenda-file-too-many = Ce fichier contient trop de rendez-vous : 500 au plus, dont 100 qui se répètent.
agenda-file-none = Choisissez un fichier.

# Autour.
agenda-sources-title = Comptes dont les rendez-vous paraissent ici
agenda-sources-help = Une association sur Mobilizon, une salle sur Gancio, une commune voisine : son adresse suffit, par exemple agenda@mobilizon.example.org.
agenda-source-handle = Adresse du compte
agenda-source-add = Ajouter
agenda-source-remove = Retirer { $who }
agenda-source-none = Aucun pour le moment.
agenda-source-unknown = Personne ne répond à cette adresse sur un autre serveur.
agenda-source-too-many = Il y en a déjà assez : retirez-en un.

# Refus.
agenda-refused-no-title = Donnez un titre.
agenda-refused-title-too-long = Le titre est trop long : { $max } caractères au plus.
agenda-refused-text-too-long = La description est trop longue : { $max } caractères au plus.
agenda-refused-line-too-long = Une ligne du lieu ou du contact est trop longue : { $max } caractères au plus.
agenda-refused-start = Donnez la date de début, et l’heure si ce n’est pas toute la journée.
agenda-refused-end = La date ou l’heure de fin ne peut pas être lue.
agenda-refused-ends-before = La fin est avant le début.
agenda-refused-lasts-too-long = Un rendez-vous dure { $max } jours au plus.
agenda-refused-too-far = Cette date est trop loin.
agenda-refused-rule = Cette répétition n’est pas possible.
agenda-refused-until-before = La répétition finit avant de commencer.
agenda-refused-seats = Le nombre de places va de 1 à { $max }.
agenda-refused-online = Ce n’est pas une adresse web (https://…).
agenda-refused-website = Ce n’est pas une adresse web (https://…).
agenda-refused-join-url = Donnez l’adresse web où l’on s’inscrit (https://…).
agenda-refused-email = Ce n’est pas une adresse de courriel.
agenda-refused-point = Donnez les deux coordonnées, en degrés.
agenda-refused-no-alt = Décrivez l’image pour celles et ceux qui ne la voient pas.
agenda-refused-image = Cette image ne peut pas être utilisée.
agenda-refused-reason-too-long = La raison est trop longue : { $max } caractères au plus.
agenda-refused-not-yours = Ce compte ne tient pas l’agenda de cette commune.
agenda-refused-missing = Ce rendez-vous n’existe pas, ou plus.
agenda-refused-changed = Quelqu’un a modifié ce rendez-vous entre-temps. Rechargez la page.
agenda-refused-cancelled = Ce rendez-vous est annulé.
agenda-refused-over = Ce rendez-vous est passé.
agenda-refused-not-open = On ne s’inscrit pas ici à ce rendez-vous.
agenda-refused-zone = Le fuseau horaire de ce rendez-vous n’est pas connu : son heure serait fausse.
agenda-refused-moderated = La modération a masqué ce rendez-vous : il ne peut pas changer tant que cette décision tient.
agenda-refused-same-uid = Un autre rendez-vous du fichier porte le même identifiant : un seul des deux peut être repris.
agenda-refused-day-taken = Une autre date de la série tombe ce jour-là.
agenda-api-own-door = Un rendez-vous se modifie dans l’agenda, pas comme un message.
agenda-api-dates = Donnez des dates comme 2026-11-28.

# Pour les autres serveurs.
agenda-wire-cancelled = ANNULÉ.
agenda-wire-when = Quand : { $when }
agenda-wire-where = Où : { $where }
agenda-wire-waiting = { $n ->
    [one] Complet : vous êtes en liste d’attente, en première place. Vous serez prévenu si une place se libère.
   *[other] Complet : vous êtes en liste d’attente, à la place { $nombre }. Vous serez prévenu si une place se libère.
}

agenda-asked = Demande envoyée, pas encore de réponse
agenda-refused-there = L’organisateur a refusé votre inscription
agenda-restricted = L’organisateur choisit qui vient : il répond à chaque demande.
agenda-elsewhere-dark = Ce rendez-vous est sur un autre serveur : s’y inscrire lui dirait votre nom, et vous ne l’avez pas permis. Vous pouvez le permettre dans votre compte.
agenda-elsewhere-who-knows = Votre demande part avec votre nom ({ $name }) vers { $host } : ce serveur et l’organisateur ({ $inviter }) le voient, et décident qui d’autre le voit.
agenda-flash-asked = Votre demande est envoyée à l’organisateur.
agenda-refused-would-leave = Ce rendez-vous est sur un autre serveur : s’y inscrire lui dirait votre nom. Permettez-le d’abord dans « Mon compte ».
agenda-elsewhere-link = Ouvrir un événement d’un autre serveur
