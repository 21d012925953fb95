# Words of the layout and of the pages of the whole server.
shell-skip = Aller au contenu
shell-demonstration = Démonstration : personnes et faits inventés
shell-direct-line = Le lien direct avec la mairie
shell-search = Rechercher
shell-notifications = Notifications
shell-account = Mon compte
shell-sign-in = Se connecter
shell-sections = Rubriques
shell-more = Plus
shell-unread = { $n ->
    [one] { $nombre } non lu
   *[other] { $nombre } non lus
}
shell-verified = Compte vérifié
shell-legal-notice = Mentions légales
shell-privacy = Confidentialité
shell-accessibility-none = Accessibilité : non conforme
shell-accessibility-partial = Accessibilité : partiellement conforme
shell-accessibility-full = Accessibilité : totalement conforme
shell-feed = Flux Atom
shell-display = Affichage
shell-other-language-code = en
shell-pagination = Pages
shell-range = { $first } à { $last } sur { $total }
shell-older = Plus anciennes
shell-newer = Plus récentes
shell-next = Suivantes
shell-previous = Précédentes
shell-errors = { $n ->
    [one] Un point à corriger.
   *[other] { $nombre } points à corriger.
}
shell-optional = (facultatif)
shell-show-password = Afficher le mot de passe
shell-characters-max = { $nombre } caractères au plus
shell-characters-of = %n caractères sur %max
shell-link-copied = Lien copié.
shell-unsaved = Votre texte n’est pas enregistré.
shell-error = Erreur
shell-back-home = Revenir à l’accueil
shell-previous-page = Page précédente
shell-error-search = Ou cherchez une commune
shell-find = Chercher
shell-error-tell = Si cela se reproduit, dites-le à ceux qui tiennent ce site en donnant cette référence :

shell-sign-up = M’inscrire
shell-home-title = Accueil
shell-home-h1 = Votre mairie, en direct
shell-home-lead = Les nouvelles de votre commune, publiées par la mairie elle-même. Sans publicité, et sans compte pour lire.
shell-home-sign-up = M’inscrire pour commenter et être prévenu
shell-home-news = Des nouvelles sûres
shell-home-news-text = Chaque mairie prouve qui elle est. Sa page porte alors la marque « compte vérifié ».
shell-home-talk = Un échange courtois
shell-home-talk-text = Commentez, aimez, signalez. La modération explique ses décisions.
shell-home-anywhere = Ici ou ailleurs
shell-home-anywhere-text = Votre mairie se suit aussi depuis un compte Mastodon, sur n’importe quel serveur.
shell-home-present = Ces mairies sont là
shell-find-commune = Chercher une commune
shell-search-help = Toutes les communes de France y sont. Le début du nom suffit.
shell-more-title = Toutes les rubriques
shell-more-all = Rubriques de la commune
shell-more-you = Pour vous
shell-more-about = À propos du site
shell-about-title = À propos
shell-accessibility-title = Accessibilité
shell-display-title = Affichage
shell-display-lead = Ces choix valent pour cet appareil.
shell-display-langue = Langue
shell-display-langue-fr = Français
shell-display-langue-en = English
shell-display-theme = Clair ou sombre
shell-display-theme-auto = Comme mon appareil
shell-display-theme-light = Clair
shell-display-theme-dark = Sombre
shell-display-police = Police
shell-display-police-standard = Standard
shell-display-police-lisible = Police très lisible
shell-display-police-lisible-help = Des lettres qui ne se confondent pas, pour les yeux fatigués
shell-display-keep = Garder ces choix
shell-display-contrast = Un contraste plus fort et des lettres plus grandes se règlent dans votre appareil ; ce site les suit.
shell-flash-display = Vos choix d’affichage sont gardés sur cet appareil.

shell-switches-title = Rubriques de la commune
shell-switches-lead = Choisissez les rubriques que votre commune propose. Les actualités et la page de la commune restent toujours ouvertes.
shell-switches-legend = Rubriques ouvertes
shell-switch-agenda = Fermé : plus de page, de calendrier à suivre ni d’inscription aux événements.
shell-switch-polls = Fermé : plus de sondage ni d’avis public, et leurs résultats passés ne sont plus montrés.
shell-switch-groups = Fermé : les groupes et ce qui s’y est dit ne sont plus montrés, et plus rien n’y arrive.
shell-switch-messages = Fermé : plus personne n’écrit à la mairie ici, et les conversations ne sont plus montrées, ni aux habitants ni à la mairie.
shell-switch-polls-running = Un sondage ou un avis public est en cours : attendez sa clôture, ou retirez-le, avant de fermer cette rubrique.
shell-switches-kept = Rien n’est effacé : une rubrique rouverte se retrouve comme elle était.
shell-switches-save = Enregistrer
shell-flash-switches-saved = Les rubriques de la commune sont à jour.
