// Reads a declarative Jenkinsfile with the Groovy that Jenkins has, and writes what it would run as JSON. A section or a
// step that is not known here is an error.
import groovy.json.JsonOutput
import org.codehaus.groovy.control.CompilerConfiguration

class Section {
  def run
  Map environment = [:]
  List credentials = []

  // Methods of a section: names that its closure may call.
  static def apply(Section section, Closure body) {
    body.delegate = section
    body.resolveStrategy = Closure.DELEGATE_ONLY
    body()
  }

  def methodMissing(String name, arguments) {
    throw new IllegalArgumentException("${getClass().simpleName} has no ${name}")
  }
}

class Pipeline extends Section {
  def agent(Closure body) { apply(new Agent(run: run), body) }
  def agent(String kind) { assert kind in ['any', 'none'] }
  def environment(Closure body) {
    apply(new Environment(run: run), body)
  }
  def stages(Closure body) { apply(new Stages(run: run), body) }
  def post(Closure body) { apply(new Post(run: run), body) }
  def getAny() { 'any' }
}

class Agent extends Section {
  def label(String name) { run.agent = name }
}

class Environment extends Section {
  void setProperty(String name, value) {
    if (name == 'run') this.@run = value else run.environment[name] = value.toString()
  }
  def propertyMissing(String name) {
    if (name == 'BUILD_NUMBER') return run.buildNumber
    if (run.environment.containsKey(name)) return run.environment[name]
    throw new IllegalArgumentException("no variable ${name}")
  }
}

class Stages extends Section {
  def stage(String name, Closure body) { apply(new Stage(run: run, name: name), body) }
}

class Stage extends Section {
  String name
  def steps(Closure body) { apply(new Steps(run: run, stage: name), body) }
}

class Post extends Section {
  def success(Closure body) { apply(new Steps(run: run, stage: 'post'), body) }
}

class Steps extends Section {
  String stage
  List bound = []
  def sh(String script) { run.steps << [stage: stage, sh: script, credentials: bound] }
  def archiveArtifacts(Map arguments) {
    assert arguments.keySet() == ['artifacts'] as Set
    run.steps << [stage: stage, archive: arguments.artifacts]
  }
  def usernamePassword(Map arguments) {
    assert arguments.keySet() == ['credentialsId', 'usernameVariable', 'passwordVariable'] as Set
    arguments
  }
  def withCredentials(List given, Closure body) {
    apply(new Steps(run: run, stage: stage, bound: bound + given), body)
  }
}

def run = [environment: [:], steps: [], buildNumber: '7']
def binding = new Binding(pipeline: { Closure body -> Section.apply(new Pipeline(run: run), body) })
new GroovyShell(binding, new CompilerConfiguration()).evaluate(new File(args[0]))
println JsonOutput.toJson(run)
