import CLibFuzzer
import FuzzTargets
import Glibc

// usage: gatehouse-fuzz TARGET OPTION… FOLDER    fuzzes one target; options and folders are libFuzzer's
//        gatehouse-fuzz targets                  lists them, with the longest input of each
//        gatehouse-fuzz seeds FILE FOLDER        writes the inputs of a corpus file as files of their own
//        gatehouse-fuzz line FILE                prints an input as a line of a corpus file

/// Apart from `main`, so that the callback, which captures nothing, finds it.
nonisolated(unsafe) var target = FuzzTarget.all[0]

func fail(_ message: String) -> Never {
    fputs("gatehouse-fuzz: \(message)\n", stderr)
    exit(2)
}

func fuzz() -> Int32 {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    return LLVMFuzzerRunDriver(&count, &arguments) { data, size in
        let input = [UInt8](UnsafeBufferPointer(start: data, count: size))
        // A trap is what libFuzzer keeps the input for.
        if let violation = target.violation(of: input) { fatalError("\(target.name): \(violation)") }
        return 0
    }
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
    guard let found = FuzzTarget.all.first(where: { $0.name == name }) else { fail("no target is called \(name)") }
    target = found
    // libFuzzer takes the name for a folder unless it stands for the program.
    for index in 1..<arguments.count - 1 { CommandLine.unsafeArgv[index] = CommandLine.unsafeArgv[index + 1] }
    CommandLine.unsafeArgv[arguments.count - 1] = nil
    exit(fuzz())
case nil:
    fail("which target?")
}
