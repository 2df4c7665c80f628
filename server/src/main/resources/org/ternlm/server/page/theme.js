/* Sets the theme before anything is drawn, so that a dark page does not flash; hence no module. */
(function () {
  let theme = null;
  try {
    theme = localStorage.getItem('tern.theme');
  } catch (failure) {
    // A browser that keeps nothing follows the system.
  }
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
  }
})();
