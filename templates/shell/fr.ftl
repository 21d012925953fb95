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
shell-error-search = Ou cherchez ce que vous vouliez lire
shell-find = Chercher
shell-error-tell = Si cela se reproduit, dites-le à ceux qui tiennent ce site en donnant cette référence :
