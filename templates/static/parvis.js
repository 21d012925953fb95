// Small helps of the pages. Every page works without this file; nothing here is needed to read or to send.
(() => {
  'use strict'
  const root = document.documentElement
  root.classList.add('avec-js')
  const each = (selector, act, from = document) => from.querySelectorAll(selector).forEach(act)

  // One quiet place where changes are said aloud.
  let voice
  const say = (words) => {
    if (!voice) {
      voice = document.createElement('p')
      voice.className = 'vh'
      voice.setAttribute('role', 'status')
      document.body.append(voice)
    }
    voice.textContent = ''
    setTimeout(() => { voice.textContent = words }, 50)
  }

  // "106 caractères sur 5 000": shown at every key, said only after a pause.
  const number = (n) => new Intl.NumberFormat(root.lang).format(n)
  const count = (line) => {
    const field = document.getElementById(line.dataset.compte)
    if (!field || line.dataset.pret) return
    line.dataset.pret = 'oui'
    const max = Number(field.dataset.max)
    let pause
    const show = (aloud) => {
      const n = [...field.value].length
      const words = line.dataset.patron.replace('%n', number(n)).replace('%max', number(max))
      line.textContent = words
      line.classList.toggle('erreur', n > max)
      clearTimeout(pause)
      if (aloud && n > max * 0.8) pause = setTimeout(() => say(words), 1200)
    }
    field.addEventListener('input', () => show(true))
    show(false)
  }

  // A text that was begun and not sent is not lost without a word.
  const dirty = new Set()
  addEventListener('beforeunload', (event) => { if (dirty.size) event.preventDefault() })
  const watch = (form) => {
    form.addEventListener('input', () => dirty.add(form))
    form.addEventListener('submit', () => dirty.delete(form))
  }

  // Pressed twice, sent once. A form that leads back here by "back" may be sent again.
  const sent = new WeakSet()
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (event.defaultPrevented || form.method !== 'post' || form.hasAttribute('hx-post')) return
    if (sent.has(form)) event.preventDefault()
    else sent.add(form)
    setTimeout(() => sent.delete(form), 10000)
  })
  addEventListener('pageshow', (event) => { if (event.persisted) each('form', (form) => sent.delete(form)) })

  // The toolbar of a text: marks around what is selected, in the field that the toolbar serves.
  const marks = { gras: ['**', '**'], italique: ['*', '*'], liste: ['\n- ', ''], lien: ['[', '](https://)'] }
  const mark = (button) => {
    const field = document.getElementById(button.closest('[data-pour]').dataset.pour)
    const [before, after] = marks[button.dataset.marque]
    const { selectionStart: from, selectionEnd: to, value } = field
    field.focus()
    field.setRangeText(before + value.slice(from, to) + after, from, to, 'end')
    if (from === to) field.setSelectionRange(from + before.length, from + before.length)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('button')
    if (!button) return
    if (button.dataset.copier) {
      try {
        await navigator.clipboard.writeText(new URL(button.dataset.copier, location.href).href)
        say(button.dataset.dit)
        const label = button.querySelector('span') || button
        const kept = label.textContent
        label.textContent = button.dataset.dit
        setTimeout(() => { label.textContent = kept }, 2500)
      } catch { location.href = button.dataset.copier }
    } else if (button.dataset.montrer) {
      const field = document.getElementById(button.dataset.montrer)
      const shown = field.type === 'text'
      field.type = shown ? 'password' : 'text'
      button.setAttribute('aria-pressed', String(!shown))
    } else if (button.dataset.marque) {
      mark(button)
    } else if ('imprimer' in button.dataset) {
      print()
    } else if ('retourner' in button.dataset) {
      history.back()
    }
  })

  // Menus made of <details> close on Escape and when one clicks elsewhere.
  const closeMenus = (except) => each('details.partage[open]', (menu) => { if (menu !== except) menu.open = false })
  document.addEventListener('click', (event) => closeMenus(event.target.closest('details.partage')))
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    const menu = document.activeElement?.closest('details.partage[open]')
    closeMenus()
    menu?.querySelector('summary').focus()
  })

  const start = (from) => {
    each('[data-compte]', count, from)
    each('form[data-a-garder]', watch, from)
  }
  start(document)
  document.addEventListener('htmx:afterSwap', (event) => start(event.target))

  // After a refused form, the summary of its errors is read first.
  const errors = document.getElementById('erreurs')
  if (errors) errors.focus()
})()
