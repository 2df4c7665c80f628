// The same tokens by vectors and by plain loops, and each run by what it was to show.
def vectors = new File(basedir, 'target/with-vectors.txt').readLines()
def loops = new File(basedir, 'target/without-vectors.txt').readLines()

assert vectors.contains('kernels vector')
assert loops.contains('kernels scalar')

def tokens = { lines -> lines.findAll { it.startsWith('token ') } }
assert tokens(vectors).size() == 40
assert tokens(vectors) == tokens(loops)
assert vectors.any { it.startsWith('LangChain4j TernChatModel of ') }
true
