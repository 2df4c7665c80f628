/** Keeps the end of a growing answer in view, unless the reader went up to read: their place is theirs. */

const NEAR_PIXELS = 56;

export class Follow {
  #scroller;
  #button;
  #last = 0;
  #following = true;
  #resting = true;

  /** @param button leads back to the end; shown while the reader is elsewhere */
  constructor(scroller, button) {
    this.#scroller = scroller;
    this.#button = button;
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    scroller.addEventListener('wheel', (event) => {
      if (event.deltaY < 0) {
        this.#set(this.#left() <= 0 && scroller.scrollTop === 0);
      }
    }, { passive: true });
    button.addEventListener('click', () => {
      this.toEnd();
      document.getElementById('message').focus();
    });
    new ResizeObserver(() => this.grown()).observe(scroller.firstElementChild);
    new ResizeObserver(() => this.grown()).observe(scroller);
  }

  #left() {
    return this.#scroller.scrollHeight - this.#scroller.scrollTop - this.#scroller.clientHeight;
  }

  #scrolled() {
    const { scrollTop } = this.#scroller;
    if (this.#left() <= NEAR_PIXELS && scrollTop >= this.#last) {
      this.#set(true);
    } else if (scrollTop < this.#last) {
      this.#set(this.#left() <= 1);
    }
    this.#last = scrollTop;
    this.#show();
  }

  #set(following) {
    this.#following = following;
    this.#show();
  }

  #show() {
    this.#button.hidden = this.#resting || this.#following || this.#left() <= NEAR_PIXELS;
  }

  /** To be called when the content may have changed its height. */
  grown() {
    if (this.#following && !this.#resting) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
      this.#last = this.#scroller.scrollTop;
    }
    this.#show();
  }

  /** Stays at the beginning while there is nothing to follow. */
  rest(resting) {
    this.#resting = resting;
    if (resting) {
      this.#scroller.scrollTop = 0;
    }
    this.#show();
  }

  /** Goes to the end, and stays there. */
  toEnd() {
    this.#following = true;
    this.grown();
  }
}
