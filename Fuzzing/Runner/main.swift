import Foundation
import FuzzTargets

// usage: gatehouse-fuzz TARGET OPTION… FOLDER    fuzzes one target; options and folders are libFuzzer's
//        gatehouse-fuzz targets                  lists them, with the longest input of each
//        gatehouse-fuzz seeds FILE FOLDER        writes the inputs of a corpus file as files of their own
//        gatehouse-fuzz line FILE                prints an input as a line of a corpus file

func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("gatehouse-fuzz: \(message)\n".utf8))
    exit(2)
}

let arguments = CommandLine.arguments
switch arguments.dropFirst().first {
case "targets":
    for target in FuzzTarget.all { print(target.name, target.maximumBytes) }
case "seeds" where arguments.count == 4:
    do { print(try Seeds.unpack(file: arguments[2], into: arguments[3])) } catch { fail("\(error)") }
case "line" where arguments.count == 3:
    do { print(try Seeds.line(file: arguments[2])) } catch { fail("\(error)") }
case let name?:
    guard let target = FuzzTarget.all.first(where: { $0.name == name }) else { fail("no target is called \(name)") }
    exit(Fuzzer.run(target))
case nil:
    fail("which target?")
}
